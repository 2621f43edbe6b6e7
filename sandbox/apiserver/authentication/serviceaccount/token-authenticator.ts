import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import { fromTime, type Clock } from "../../../base/clock/clock.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import { AuthenticationError, type Identity, type TokenAuthenticator } from "../authenticator.ts";
import type { KubernetesClaims, LegacyTokenClaims, NamedObject, TokenClaims } from "./claims.ts";
import type { SigningKey } from "./signing-key.ts";

export interface TokenAuthenticatorOptions {
  readonly key: SigningKey;
  readonly issuer: string;
  readonly reader: Reader;
  readonly clock: Clock;
}

/** How long an object that is being deleted keeps its tokens alive, in milliseconds. */
const terminationLeewayMs = 60_000;

/** Tokens that we signed for service accounts, valid while the account and what they are bound to exist. */
export const serviceAccountTokens =
  ({ key, issuer, reader, clock }: TokenAuthenticatorOptions): TokenAuthenticator =>
  async (token, audiences) => {
    const claims = await key.verify(token);
    if (typeof claims !== "object" || claims === null) return undefined;
    if ("iss" in claims && claims.iss === "kubernetes/serviceaccount") return legacyIdentity(claims as LegacyTokenClaims, token, reader);
    if (!("kubernetes.io" in claims)) return undefined;
    return boundIdentity(claims as TokenClaims, { issuer, audiences, reader, now: clock.now() });
  };

const boundIdentity = (
  claims: TokenClaims,
  {
    issuer,
    audiences,
    reader,
    now,
  }: { readonly issuer: string; readonly audiences: readonly string[]; readonly reader: Reader; readonly now: number },
): Identity | undefined => {
  if (claims.iss !== issuer) return undefined;
  const shared = claims.aud.filter((audience) => audiences.includes(audience));
  if (shared.length === 0)
    throw new AuthenticationError(`token audiences ${quotedList(claims.aud)} is invalid for the target audiences ${quotedList(audiences)}`);
  if (now / 1000 >= claims.exp) throw new AuthenticationError("service account token has expired");
  if (now / 1000 < claims.nbf - 1) throw new AuthenticationError("service account token is not valid yet");
  const { namespace, serviceaccount, pod, secret, node } = claims["kubernetes.io"];
  const check = (resource: string, where: string, named: NamedObject): void => {
    const object = reader.get("", resource, where, named.name);
    if (!object || object.metadata.uid !== named.uid || isGone(object, now))
      throw new AuthenticationError("service account token has been invalidated");
  };
  check("serviceaccounts", namespace, serviceaccount);
  if (pod) check("pods", namespace, pod);
  if (secret) check("secrets", namespace, secret);
  // A node beside a pod is information; alone it is what the token is bound to.
  if (node?.uid !== undefined && !pod) check("nodes", "", { name: node.name, uid: node.uid });
  return { user: userOf(claims["kubernetes.io"], claims.jti), audiences: shared };
};

const isGone = ({ metadata }: KubeObject, now: number): boolean =>
  metadata.deletionTimestamp !== undefined && (fromTime(metadata.deletionTimestamp) ?? 0) + terminationLeewayMs < now;

const userOf = ({ namespace, serviceaccount, pod, node }: KubernetesClaims, jti: string): Identity["user"] => ({
  ...accountUser(namespace, serviceaccount),
  extra: {
    ...(jti && { "authentication.kubernetes.io/credential-id": [`JTI=${jti}`] }),
    ...(node && {
      "authentication.kubernetes.io/node-name": [node.name],
      ...(node.uid !== undefined && { "authentication.kubernetes.io/node-uid": [node.uid] }),
    }),
    ...(pod && { "authentication.kubernetes.io/pod-name": [pod.name], "authentication.kubernetes.io/pod-uid": [pod.uid] }),
  },
});

const accountUser = (namespace: string, { name, uid }: NamedObject): Identity["user"] => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  uid,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
});

/** A token kept in a secret is valid while that secret holds it. */
const legacyIdentity = (claims: LegacyTokenClaims, token: string, reader: Reader): Identity => {
  const namespace = claims["kubernetes.io/serviceaccount/namespace"];
  const uid = claims["kubernetes.io/serviceaccount/service-account.uid"];
  const name = claims["kubernetes.io/serviceaccount/service-account.name"];
  const secret = reader.get("", "secrets", namespace, claims["kubernetes.io/serviceaccount/secret.name"]) as
    (KubeObject & { readonly data?: Readonly<Record<string, string>> }) | undefined;
  const held = Buffer.from(secret?.data?.["token"] ?? "", "base64").toString("utf8");
  if (!secret || secret.metadata.deletionTimestamp !== undefined || held !== token)
    throw new AuthenticationError("service account token has been invalidated");
  const account = reader.get("", "serviceaccounts", namespace, name);
  if (!account || account.metadata.uid !== uid || account.metadata.deletionTimestamp !== undefined)
    throw new AuthenticationError("service account token has been invalidated");
  return { user: accountUser(namespace, { name, uid }) };
};

const quotedList = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
