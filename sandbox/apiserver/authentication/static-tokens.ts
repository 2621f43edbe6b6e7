import { createHash, timingSafeEqual } from "node:crypto";
import type { UserInfo } from "../operation.ts";
import type { TokenAuthenticator } from "./authenticator.ts";

/** Tokens that are valid for as long as the server runs, such as the administrator's. Compared in constant time. */
export const staticTokens = (users: readonly { readonly token: string; readonly user: UserInfo }[]): TokenAuthenticator => {
  const known = users.map(({ token, user }) => ({ digest: digestOf(token), user }));
  return (token) => {
    const digest = digestOf(token);
    const found = known.find((each) => timingSafeEqual(each.digest, digest));
    return found && { user: found.user };
  };
};

const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();
