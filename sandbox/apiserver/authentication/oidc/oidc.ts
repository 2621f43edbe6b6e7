import type * as Jose from "jose";
import type { Clock } from "../../../base/clock/clock.ts";
import type { FetchText } from "../../server/connect/https-text.ts";
import { AuthenticationError, type Identity, type TokenAuthenticator } from "../authenticator.ts";

/** The `--oidc-…` flags. */
export interface OidcSettings {
  readonly issuerUrl: string;
  readonly clientId: string;
  /** `sub` when absent. */
  readonly usernameClaim?: string;
  /** Absent: the issuer and `#`, but nothing before an e-mail address; `-` is nothing. */
  readonly usernamePrefix?: string;
  readonly groupsClaim?: string;
  readonly groupsPrefix?: string;
  readonly requiredClaims?: Readonly<Record<string, string>>;
  /** PEM; absent: the authorities that the host trusts. */
  readonly certificateAuthority?: string;
  /** RS256 when absent. */
  readonly signingAlgs?: readonly string[];
}

export interface OidcOptions extends OidcSettings {
  readonly fetch: FetchText;
  readonly clock: Clock;
}

const patienceMs = 30_000;
/** Keys are asked for again, when a token names one we do not know, not more often than this. Milliseconds. */
const keysAgainMs = 10_000;

/** Tokens of an OpenID Connect provider. Its keys are fetched with the first token that says it comes from there. */
export const oidcTokens = (options: OidcOptions): TokenAuthenticator => {
  const { issuerUrl, clientId, signingAlgs = ["RS256"], certificateAuthority, fetch, clock } = options;
  let keys: Promise<KeySet> | undefined;
  const get = async (url: string): Promise<unknown> => {
    const { code, text } = await clock.busy(fetch({ url, timeoutMs: patienceMs, ...(certificateAuthority && { certificateAuthority }) }));
    if (code !== 200) throw new Error(`${url} answered ${String(code)}`);
    return JSON.parse(text);
  };
  const fetchKeys = async (): Promise<KeySet> => {
    const at = clock.now();
    const { issuer, jwks_uri } = (await get(`${issuerUrl.replace(/\/$/, "")}/.well-known/openid-configuration`)) as Discovery;
    if (issuer !== issuerUrl)
      throw new Error(
        `oidc: issuer did not match the issuer returned by provider, expected ${JSON.stringify(issuerUrl)} got ${JSON.stringify(issuer)}`,
      );
    if (!jwks_uri?.startsWith("https://")) throw new Error("the issuer names no keys under https");
    return { set: (await get(jwks_uri)) as Jose.JSONWebKeySet, at };
  };
  /** Those we have, unless they lack the token's key and are not quite new; a failure is forgotten. */
  const keysFor = async (kid: string | undefined): Promise<Jose.JSONWebKeySet> => {
    const have = await keys?.catch(() => undefined);
    const lacks = kid !== undefined && !have?.set.keys.some((key) => key.kid === kid);
    if (!have || (lacks && clock.now() - have.at >= keysAgainMs)) keys = fetchKeys();
    return (await keys!).set;
  };
  return async (token): Promise<Identity | undefined> => {
    if (issuerOf(token) !== issuerUrl) return undefined;
    try {
      const { createLocalJWKSet, decodeProtectedHeader, jwtVerify } = await import("jose");
      const set = createLocalJWKSet(await keysFor(decodeProtectedHeader(token).kid));
      const { payload } = await jwtVerify(token, set, {
        issuer: issuerUrl,
        audience: clientId,
        algorithms: [...signingAlgs],
        currentDate: new Date(clock.now()),
        requiredClaims: ["exp"],
      });
      return identityOf(payload, options);
    } catch (error) {
      if (error instanceof AuthenticationError) throw error;
      throw new AuthenticationError(`oidc: verify token: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
};

interface KeySet {
  readonly set: Jose.JSONWebKeySet;
  readonly at: number;
}

interface Discovery {
  readonly issuer?: string;
  readonly jwks_uri?: string;
}

/** Whom a token says it comes from, nothing of it checked. */
const issuerOf = (token: string): unknown => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return (payload as { readonly iss?: unknown } | null)?.iss;
  } catch {
    return undefined;
  }
};

const identityOf = (claims: Jose.JWTPayload, settings: OidcSettings): Identity => {
  const { issuerUrl, usernameClaim = "sub", usernamePrefix, groupsClaim, groupsPrefix = "", requiredClaims = {} } = settings;
  const claim = (name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  const username = claim(usernameClaim);
  if (typeof username !== "string")
    throw new AuthenticationError(`oidc: parse username claims ${JSON.stringify(usernameClaim)}: claim not present`);
  if (usernameClaim === "email" && claim("email_verified") !== undefined && claim("email_verified") !== true)
    throw new AuthenticationError("oidc: email not verified");
  for (const [name, wanted] of Object.entries(requiredClaims)) {
    const value = claim(name);
    if (value === undefined) throw new AuthenticationError(`oidc: required claim ${name} not present in ID token`);
    if (value !== wanted)
      throw new AuthenticationError(
        `oidc: required claim ${name} value does not match. Got = ${typeof value === "string" ? value : JSON.stringify(value)}, want = ${wanted}`,
      );
  }
  const prefix = usernamePrefix === "-" ? "" : (usernamePrefix ?? (usernameClaim === "email" ? "" : `${issuerUrl}#`));
  const jti = claim("jti");
  return {
    user: {
      name: prefix + username,
      groups: groupsIn(groupsClaim === undefined ? undefined : claim(groupsClaim), groupsClaim).map((group) => groupsPrefix + group),
      ...(typeof jti === "string" && jti !== "" && { extra: { "authentication.kubernetes.io/credential-id": [`JTI=${jti}`] } }),
    },
  };
};

const groupsIn = (value: unknown, name: string | undefined): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw new AuthenticationError(`oidc: parse groups claim ${JSON.stringify(name)}: json: cannot unmarshal into Go value of type []string`);
};
