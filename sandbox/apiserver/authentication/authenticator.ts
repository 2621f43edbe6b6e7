import type { UserInfo } from "../operation.ts";

/** A client certificate, as the TLS layer found it. */
export interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Which of our authorities signed it; absent when none did, or when it is not valid now or not for clients. */
  readonly authority?: "client" | "front-proxy";
  /** SHA-256 of the certificate, in lower-case hexadecimal digits. */
  readonly fingerprint: string;
}

/** What a request brings along to show who sent it. Header names are in lower case. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly certificate?: ClientCertificate;
}

export interface Identity {
  readonly user: UserInfo;
  /** For whom the credential was meant; absent where it says nothing of the kind. */
  readonly audiences?: readonly string[];
}

/** Credentials that claim to be somebody and are wrong: 401, not anonymous. */
export class AuthenticationError extends Error {}

/** Answers undefined for credentials that are none of its business; throws AuthenticationError for wrong ones. */
export type Authenticator = (credentials: Credentials) => Identity | undefined | Promise<Identity | undefined>;

/** Answers undefined for tokens that are none of its business. Audiences are those the asker accepts. */
export type TokenAuthenticator = (token: string, audiences: readonly string[]) => Identity | undefined | Promise<Identity | undefined>;

export const allAuthenticated = "system:authenticated";
export const allUnauthenticated = "system:unauthenticated";
export const anonymous: UserInfo = { name: "system:anonymous", groups: [allUnauthenticated] };

/**
 * The first who knows the credentials decides; who shows none is anonymous. Wrong credentials are refused unless another authenticator accepts what
 * else the request brought.
 */
export const authenticateWith =
  (...authenticators: readonly Authenticator[]) =>
  async (credentials: Credentials): Promise<Identity> => {
    let refusal: AuthenticationError | undefined;
    for (const authenticator of authenticators) {
      try {
        const identity = await authenticator(credentials);
        if (identity) return authenticated(identity);
      } catch (error) {
        if (!(error instanceof AuthenticationError)) throw error;
        refusal ??= error;
      }
    }
    if (refusal) throw refusal;
    return { user: anonymous };
  };

/** Adds the group of everybody who is somebody. */
export const authenticated = (identity: Identity): Identity => {
  const { user } = identity;
  if (user.name === anonymous.name || user.groups.includes(allAuthenticated) || user.groups.includes(allUnauthenticated)) return identity;
  return { ...identity, user: { ...user, groups: [...user.groups, allAuthenticated] } };
};

/** The values of a header that may be repeated. */
export const headerValues = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
