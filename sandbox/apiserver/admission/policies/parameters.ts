import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from "../../../api/types.ts";
import { selectorOf } from "../../../apimachinery/labels/label-selector.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import { served } from "../../registry/entry.ts";
import type { Registry } from "../../registry/registry.ts";

/** A binding that cannot be used as it is. */
export class ConfigurationError extends Error {}

type ParamRef = NonNullable<NonNullable<ValidatingAdmissionPolicyBinding["spec"]>["paramRef"]>;

const namespaceFor = (paramRef: ParamRef, isNamespaced: boolean, ofRequest: string): string => {
  const { namespace = "" } = paramRef;
  if (!isNamespaced) {
    if (namespace !== "") throw new ConfigurationError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
    return "";
  }
  const chosen = namespace || ofRequest;
  if (chosen === "") throw new ConfigurationError("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
  return chosen;
};

/** The objects that a binding gives to its policy as `params`; null where it gives none. Throws ConfigurationError. */
export const paramsOf = (
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  namespace: string,
  reader: Reader,
  registry: Registry,
): readonly (AnyObject | null)[] => {
  const { paramKind } = policy.spec ?? {};
  const { paramRef } = binding.spec ?? {};
  if (!paramKind || !paramRef) return [null];
  const { apiVersion = "", kind = "" } = paramKind;
  const slash = apiVersion.indexOf("/");
  const [group, version] = [apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1)];
  const entry = registry.all().find((each) => each.group === group && each.version === version && each.kind === kind);
  if (!entry)
    throw new ConfigurationError(
      `failed to find resource referenced by paramKind: '${group === "" ? "" : group}/${version}, Kind=${kind}'`,
    );
  const { stored } = entry;
  const where = namespaceFor(paramRef, stored.namespaced, namespace);
  const found = paramRef.selector
    ? reader
        .list(stored.group, stored.resource, stored.namespaced ? where : undefined)
        .filter(({ metadata }) => selectorOf(paramRef.selector).matches(metadata.labels))
    : [reader.get(stored.group, stored.resource, where, paramRef.name ?? "")].filter((object) => object !== undefined);
  if (found.length === 0 && paramRef.parameterNotFoundAction === "Deny")
    throw new ConfigurationError("no params found for policy binding with `Deny` parameterNotFoundAction");
  return found.map((object) => served(entry, object));
};
