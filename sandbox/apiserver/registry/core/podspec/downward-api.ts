import type { ObjectFieldSelector, ResourceFieldSelector } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName } from "../../../../apimachinery/validation/names.ts";

/** What environment variables may take from their pod, in upstream's order. */
export const envFields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** What files may take from their pod. */
export const volumeFields = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/** What a pod's fields are called in a downward API reference at all (ConvertDownwardAPIFieldLabel). */
const knownFields: ReadonlySet<string> = new Set([
  ...envFields,
  ...volumeFields,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
  "spec.host",
]);
const subscripted: ReadonlySet<string> = new Set(["metadata.annotations", "metadata.labels"]);

const conversionError = (apiVersion: string, path: string, subscript: string | undefined, whole: string): string | undefined => {
  if (apiVersion !== "v1") return `unsupported pod version: ${apiVersion}`;
  if (subscript !== undefined) return subscripted.has(path) ? undefined : `field label does not support subscript: ${whole}`;
  return knownFields.has(path) ? undefined : `field label not supported: ${whole}`;
};

/** validateObjectFieldSelector. */
export const addFieldRefErrors = (
  errors: FieldError[],
  { apiVersion = "", fieldPath = "" }: ObjectFieldSelector,
  path: string,
  fields: readonly string[],
): void => {
  if (apiVersion === "") errors.push(required(`${path}.apiVersion`));
  else if (fieldPath === "") errors.push(required(`${path}.fieldPath`));
  else addFieldPathErrors(errors, apiVersion, fieldPath, path, fields);
};

const addFieldPathErrors = (errors: FieldError[], apiVersion: string, fieldPath: string, path: string, fields: readonly string[]): void => {
  const open = fieldPath.endsWith("']") ? fieldPath.indexOf("['") : -1;
  const subscript = open > 0 ? fieldPath.slice(open + 2, -2) : undefined;
  const field = open > 0 ? fieldPath.slice(0, open) : fieldPath;
  const problem = conversionError(apiVersion, field, subscript, fieldPath);
  if (problem !== undefined) errors.push(invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${problem}`));
  else if (subscript !== undefined) {
    const key = field === "metadata.annotations" ? subscript.toLowerCase() : subscript;
    addInvalid(errors, path, key, isQualifiedName(key));
  } else {
    const internal = field === "spec.host" ? "spec.nodeName" : field;
    if (!fields.includes(internal)) errors.push(notSupported(`${path}.fieldPath`, internal, fields));
  }
};

const resources = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const isHugePagesField = (resource: string): boolean =>
  resource.startsWith("limits.hugepages-") || resource.startsWith("requests.hugepages-");

const byteDivisors = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
const divisors: Readonly<Record<string, { readonly values: readonly string[]; readonly words: string }>> = {
  "cpu": { values: ["1m", "1"], words: "only divisor's values 1m and 1 are supported with the cpu resource" },
  "memory": { values: byteDivisors, words: `only divisor's values ${byteDivisors.join(", ")} are supported with the memory resource` },
  "ephemeral-storage": {
    values: byteDivisors,
    words: `only divisor's values ${byteDivisors.join(", ")} are supported with the local ephemeral storage resource`,
  },
  "hugepages": {
    values: byteDivisors,
    words: `only divisor's values ${byteDivisors.join(", ")} are supported with the hugepages resource`,
  },
};

/** validateContainerResourceFieldSelector. A file must say whose resource it shows. */
export const addResourceRefErrors = (
  errors: FieldError[],
  { containerName, resource = "", divisor }: ResourceFieldSelector,
  path: string,
  inVolume: boolean,
): void => {
  if (inVolume && !containerName) errors.push(required(`${path}.containerName`));
  else if (resource === "") errors.push(required(`${path}.resource`));
  else if (!resources.includes(resource) && !isHugePagesField(resource)) errors.push(notSupported(`${path}.resource`, resource, resources));
  const amount = quantityOf(divisor);
  const allowed = divisors[isHugePagesField(resource) ? "hugepages" : resource.replace(/^(limits|requests)\./, "")];
  if (!amount.isZero() && allowed && !allowed.values.includes(amount.toString()))
    errors.push(invalidValue(`${path}.divisor`, resource, allowed.words));
};
