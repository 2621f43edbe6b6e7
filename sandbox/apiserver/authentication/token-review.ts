import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { authenticated, AuthenticationError, type TokenAuthenticator } from "./authenticator.ts";
import { userInfoOf } from "./user-info.ts";

/** Answers a TokenReview: whose token it is, and for which of the audiences asked about. */
export const reviewToken = async (
  review: AnyObject,
  authenticate: TokenAuthenticator,
  ownAudiences: readonly string[],
): Promise<AnyObject> => {
  const { token, audiences } = (review["spec"] ?? {}) as { readonly token?: string; readonly audiences?: readonly string[] };
  if (!token) throw badRequest("token is required for TokenReview in authentication");
  return { ...review, status: await statusOf(token, audiences?.length ? audiences : ownAudiences, authenticate) };
};

const statusOf = async (token: string, audiences: readonly string[], authenticate: TokenAuthenticator): Promise<object> => {
  try {
    const identity = await authenticate(token, audiences);
    if (!identity) return { user: {}, error: "invalid bearer token" };
    return { authenticated: true, user: userInfoOf(authenticated(identity).user), audiences: identity.audiences ?? audiences };
  } catch (error) {
    if (error instanceof AuthenticationError) return { user: {}, error: error.message };
    throw error;
  }
};
