import type { UserInfo } from "../operation.ts";
import { decide, type Attributes, type Authorizer } from "../authorization/authorizer.ts";
import { notAuthorized } from "../authorization/forbidden.ts";
import { allAuthenticated, allUnauthenticated, anonymous, headerValues, type Credentials } from "./authenticator.ts";
import { unescapeExtraKey } from "./front-proxy.ts";

type Headers = Credentials["headers"];

const extraPrefix = "impersonate-extra-";
const authenticationGroup = "authentication.k8s.io";
const serviceAccountPrefix = "system:serviceaccount:";

/** One thing that a request wants to pass for; upstream describes them as object references. */
interface Claim {
  readonly kind: "ServiceAccount" | "User" | "Group" | "UID" | "UserExtra";
  readonly namespace?: string;
  readonly name: string;
  readonly apiVersion?: string;
  readonly key?: string;
}

/** `Impersonate-Group` and such without `Impersonate-User`: the server answers 500 with this text. */
export class ImpersonationError extends Error {}

/**
 * Whom the request acts as: the user itself, or whom its `Impersonate-…` headers name, when the user may impersonate each of these. Throws
 * a 403 StatusError, or ImpersonationError.
 */
export const impersonated = async (user: UserInfo, headers: Headers, authorizer: Authorizer): Promise<UserInfo> => {
  const claims = claimsOf(headers);
  if (claims.length === 0) return user;
  for (const claim of claims) {
    const attributes = attributesOf(user, claim);
    const { decision, reason } = await decide(authorizer, attributes);
    if (decision !== "allow") throw notAuthorized(attributes, reason);
  }
  return assembled(claims);
};

const claimsOf = (headers: Headers): readonly Claim[] => {
  const claims: Claim[] = [];
  const [name = ""] = headerValues(headers["impersonate-user"]);
  if (name !== "") claims.push(subjectOf(name));
  for (const group of headerValues(headers["impersonate-group"])) claims.push({ kind: "Group", name: group });
  const [uid = ""] = headerValues(headers["impersonate-uid"]);
  if (uid !== "") claims.push({ kind: "UID", name: uid, apiVersion: `${authenticationGroup}/v1` });
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(extraPrefix)) continue;
    const key = unescapeExtraKey(header.slice(extraPrefix.length)).toLowerCase();
    for (const each of headerValues(value)) claims.push({ kind: "UserExtra", name: each, apiVersion: `${authenticationGroup}/v1`, key });
  }
  if (claims.length > 0 && name === "")
    throw new ImpersonationError(`requested [${claims.map(described).join(" ")}] without impersonating a user`);
  return claims;
};

const subjectOf = (username: string): Claim => {
  const [namespace, name, ...more] = username.startsWith(serviceAccountPrefix)
    ? username.slice(serviceAccountPrefix.length).split(":")
    : [];
  return namespace && name && more.length === 0 ? { kind: "ServiceAccount", namespace, name } : { kind: "User", name: username };
};

/** As Go prints an object reference: its fields with spaces between them. */
const described = ({ kind, namespace = "", name, apiVersion = "", key = "" }: Claim): string =>
  `{${[kind, namespace, name, "", apiVersion, "", key].join(" ")}}`;

const attributesOf = (user: UserInfo, { kind, namespace, name, key }: Claim): Attributes => {
  const impersonate = { user, verb: "impersonate", name };
  switch (kind) {
    case "ServiceAccount":
      return { ...impersonate, group: "", resource: "serviceaccounts", ...(namespace !== undefined && { namespace }) };
    case "User":
      return { ...impersonate, group: "", resource: "users" };
    case "Group":
      return { ...impersonate, group: "", resource: "groups" };
    case "UID":
      return { ...impersonate, group: authenticationGroup, version: "v1", resource: "uids" };
    case "UserExtra":
      return {
        ...impersonate,
        group: authenticationGroup,
        version: "v1",
        resource: "userextras",
        ...(key !== undefined && { subresource: key }),
      };
  }
};

const assembled = (claims: readonly Claim[]): UserInfo => {
  const of = (kind: Claim["kind"]): readonly Claim[] => claims.filter((claim) => claim.kind === kind);
  const [account] = of("ServiceAccount");
  const name = account ? `${serviceAccountPrefix}${account.namespace ?? ""}:${account.name}` : (of("User")[0]?.name ?? "");
  const asked = of("Group").map((claim) => claim.name);
  const groups = asked.length === 0 && account ? ["system:serviceaccounts", `system:serviceaccounts:${account.namespace ?? ""}`] : asked;
  if (!groups.includes(allAuthenticated) && !groups.includes(allUnauthenticated))
    groups.push(name === anonymous.name ? allUnauthenticated : allAuthenticated);
  const extra = new Map<string, string[]>();
  for (const { key = "", name: value } of of("UserExtra")) extra.set(key, [...(extra.get(key) ?? []), value]);
  const [uid] = of("UID");
  return { name, ...(uid && { uid: uid.name }), groups, ...(extra.size > 0 && { extra: Object.fromEntries(extra) }) };
};
