import { AuthenticationError, headerValues, type Authenticator, type Credentials, type TokenAuthenticator } from "./authenticator.ts";

const protocolPrefix = "base64url.bearer.authorization.k8s.io.";

/** The token a request carries: in `Authorization`, or, since browsers cannot set that on a WebSocket, among its protocols. */
export const tokenOf = ({ headers }: Credentials): string | undefined => {
  const [authorization = ""] = headerValues(headers["authorization"]);
  const [scheme = "", token] = authorization.trim().split(" ");
  if (scheme.toLowerCase() === "bearer") return token === "" ? undefined : token;
  const protocol = headerValues(headers["sec-websocket-protocol"])
    .flatMap((value) => value.split(",").map((each) => each.trim()))
    .find((each) => each.startsWith(protocolPrefix));
  return protocol === undefined ? undefined : Buffer.from(protocol.slice(protocolPrefix.length), "base64url").toString("utf8");
};

/** Asks each who knows tokens; a token that nobody knows is wrong. */
export const bearerTokens =
  (audiences: readonly string[], authenticate: TokenAuthenticator): Authenticator =>
  async (credentials) => {
    const token = tokenOf(credentials);
    if (token === undefined) return undefined;
    const identity = await authenticate(token, audiences);
    if (!identity) throw new AuthenticationError("invalid bearer token");
    return identity;
  };

/** The first who knows the token decides; errors of those who refused it are kept for who reviews it. */
export const anyToken =
  (...authenticators: readonly TokenAuthenticator[]): TokenAuthenticator =>
  async (token, audiences) => {
    const refusals: string[] = [];
    for (const authenticate of authenticators) {
      try {
        const identity = await authenticate(token, audiences);
        if (identity) return identity;
      } catch (error) {
        if (!(error instanceof AuthenticationError)) throw error;
        refusals.push(error.message);
      }
    }
    if (refusals.length > 0) throw new AuthenticationError(`[invalid bearer token, ${refusals.join(", ")}]`);
    return undefined;
  };
