import { badRequest, conflict, invalid, notFound } from "../../../apimachinery/errors/constructors.ts";
import type { AnyObject, KubeObject } from "../../../apimachinery/meta/types.ts";
import { invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { toTime, type Clock } from "../../../base/clock/clock.ts";
import type { Random } from "../../../base/random/random.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import type { KubernetesClaims, NamedObject, TokenClaims } from "./claims.ts";
import type { SigningKey } from "./signing-key.ts";

/** What `kubectl create token` sends to `serviceaccounts/NAME/token`. */
interface TokenRequestSpec {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: { readonly kind?: string; readonly apiVersion?: string; readonly name?: string; readonly uid?: string } | null;
}

export interface TokenIssuerOptions {
  readonly key: SigningKey;
  readonly issuer: string;
  /** The audiences of tokens whose requests name none. */
  readonly audiences: readonly string[];
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
}

const group = "authentication.k8s.io";
const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;
/** Kubelets ask for this life for the tokens they mount; such tokens then last a year, and warn after it. */
const warnOnlySeconds = 3607;
const extendedSeconds = 365 * 24 * 3600;

/** Answers a TokenRequest with its status filled in. Throws 404 for what is missing, 400, 409 and 422 for what is wrong. */
export const issueToken = async (
  request: AnyObject,
  place: { readonly namespace: string; readonly name: string },
  options: TokenIssuerOptions,
): Promise<AnyObject> => {
  const { key, issuer, reader, clock, random } = options;
  const { namespace, name } = place;
  const account = reader.get("", "serviceaccounts", namespace, name);
  if (!account) throw notFound({ group: "", resource: "serviceaccounts" }, name);
  const spec = (request["spec"] ?? {}) as TokenRequestSpec;
  const audiences = spec.audiences?.length ? spec.audiences : options.audiences;
  const expirationSeconds = spec.expirationSeconds ?? defaultSeconds;
  const errors = validateExpiration(expirationSeconds);
  if (errors.length > 0) throw invalid({ group, kind: "TokenRequest" }, "", errors);
  const bound = boundObject(spec.boundObjectRef ?? undefined, place, reader);

  const now = Math.floor(clock.now() / 1000);
  const extended = expirationSeconds === warnOnlySeconds && audiences.every((audience) => options.audiences.includes(audience));
  const exp = now + (extended ? extendedSeconds : expirationSeconds);
  const claims: TokenClaims = {
    "aud": audiences,
    exp,
    "iat": now,
    "iss": issuer,
    "jti": random.uuid(),
    "kubernetes.io": {
      namespace,
      ...bound,
      serviceaccount: { name, uid: account.metadata.uid ?? "" },
      ...(extended && { warnafter: now + expirationSeconds }),
    },
    "nbf": now,
    "sub": `system:serviceaccount:${namespace}:${name}`,
  };
  return {
    ...request,
    apiVersion: `${group}/v1`,
    kind: "TokenRequest",
    metadata: { ...request.metadata, name, namespace, creationTimestamp: toTime(clock.now()) },
    spec: { audiences, expirationSeconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token: await key.sign(claims), expirationTimestamp: toTime((now + expirationSeconds) * 1000) },
  };
};

const validateExpiration = (seconds: number): readonly FieldError[] => {
  const field = "spec.expirationSeconds";
  if (seconds < leastSeconds) return [invalidValue(field, seconds, "may not specify a duration less than 10 minutes")];
  return seconds > mostSeconds ? [invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds")] : [];
};

type Bound = Pick<KubernetesClaims, "pod" | "node" | "secret">;

const boundObject = (
  reference: TokenRequestSpec["boundObjectRef"] | undefined,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  reader: Reader,
): Bound => {
  if (!reference) return {};
  const { kind = "", apiVersion = "", name: boundName = "", uid } = reference;
  const found = (resource: string, where: string): NamedObject & { readonly object: KubeObject } => {
    const object = reader.get("", resource, where, boundName);
    if (!object) throw notFound({ group: "", resource }, boundName);
    if (uid && object.metadata.uid !== uid)
      throw conflict(
        { group: "", resource: kind },
        boundName,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    return { name: boundName, uid: object.metadata.uid ?? "", object };
  };
  const plain = ({ name: each, uid: id }: NamedObject): NamedObject => ({ name: each, uid: id });
  if (apiVersion !== "v1" || !["Pod", "Secret", "Node"].includes(kind))
    throw badRequest(`cannot bind token to object of type ${describeKind(apiVersion, kind)}`);
  if (kind === "Secret") return { secret: plain(found("secrets", namespace)) };
  if (kind === "Node") return { node: plain(found("nodes", "")) };
  const pod = found("pods", namespace);
  const { serviceAccountName, nodeName } = (
    pod.object as KubeObject & { readonly spec: { readonly serviceAccountName?: string; readonly nodeName?: string } }
  ).spec;
  if (serviceAccountName !== name)
    throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(name)} to pod running with different serviceaccount name.`);
  const node = nodeName ? reader.get("", "nodes", "", nodeName) : undefined;
  return {
    ...(nodeName && { node: { name: nodeName, ...(node?.metadata.uid !== undefined && { uid: node.metadata.uid }) } }),
    pod: plain(pod),
  };
};

/** Go's GroupVersionKind in words: `apps/v1, Kind=Deployment`. */
const describeKind = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
