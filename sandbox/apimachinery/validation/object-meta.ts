import { validateLabels } from "../labels/label-selector.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../meta/types.ts";
import { forbiddenField, invalidValue, quoted, required, tooLong, type FieldError } from "./field-error.ts";
import { addImmutable, addInvalid, addNonnegative, bytesOf } from "./fields.ts";
import { isQualifiedName, nameIsDNSLabel, nameIsDNSSubdomain } from "./names.ts";

/** What a name must be (ValidateNameFunc): upstream's sentences, none when it is fine. */
export type NameRule = (name: string, isPrefix: boolean) => readonly string[];

export interface ObjectMetaRules {
  /** Where in the object the metadata is; `metadata` when absent. */
  readonly path?: string;
  /** Finalizers without a domain must be Kubernetes' own: so it is for built-in kinds, not for custom resources. */
  readonly standardFinalizersOnly?: boolean;
}

/** Everything wrong with the metadata of a new object (ValidateObjectMeta). */
export const validateObjectMeta = (
  metadata: ObjectMeta,
  namespaced: boolean,
  validateName: NameRule = nameIsDNSSubdomain,
  { path = "metadata", standardFinalizersOnly = false }: ObjectMetaRules = {},
): FieldError[] => {
  const errors: FieldError[] = [];
  if (metadata.generateName) addInvalid(errors, `${path}.generateName`, metadata.generateName, validateName(metadata.generateName, true));
  if (!metadata.name) errors.push(required(`${path}.name`, "name or generateName is required"));
  else addInvalid(errors, `${path}.name`, metadata.name, validateName(metadata.name, false));
  if (!namespaced) {
    if (metadata.namespace) errors.push(forbiddenField(`${path}.namespace`, "not allowed on this type"));
  } else if (!metadata.namespace) errors.push(required(`${path}.namespace`));
  else addInvalid(errors, `${path}.namespace`, metadata.namespace, nameIsDNSLabel(metadata.namespace, false));
  addNonnegative(errors, `${path}.generation`, metadata.generation);
  addCommonErrors(errors, metadata, path);
  addFinalizerErrors(errors, metadata.finalizers, `${path}.finalizers`);
  addManagedFieldsErrors(errors, metadata.managedFields, `${path}.managedFields`);
  if (standardFinalizersOnly) addStandardFinalizerErrors(errors, metadata.finalizers, `${path}.finalizers`);
  return errors;
};

/** Everything wrong with a change of metadata (ValidateObjectMetaUpdate). */
export const validateObjectMetaUpdate = (
  next: ObjectMeta,
  previous: ObjectMeta,
  { path = "metadata", standardFinalizersOnly = false }: ObjectMetaRules = {},
): FieldError[] => {
  const errors: FieldError[] = [];
  if (previous.deletionTimestamp) {
    const added = (next.finalizers ?? []).filter((finalizer) => !previous.finalizers?.includes(finalizer)).sort();
    if (added.length > 0) {
      const dump = `[]string{${added.map(quoted).join(", ")}}`;
      errors.push(
        forbiddenField(`${path}.finalizers`, `no new finalizers can be added if the object is being deleted, found new finalizers ${dump}`),
      );
    }
  }
  if (!next.resourceVersion) errors.push(invalidValue(`${path}.resourceVersion`, "", "must be specified for an update"));
  if ((next.generation ?? 0) < (previous.generation ?? 0))
    errors.push(invalidValue(`${path}.generation`, next.generation ?? 0, "must not be decremented"));
  addImmutable(errors, `${path}.name`, next.name ?? "", previous.name ?? "");
  addImmutable(errors, `${path}.namespace`, next.namespace ?? "", previous.namespace ?? "");
  addImmutable(errors, `${path}.uid`, next.uid ?? "", previous.uid ?? "");
  addImmutable(errors, `${path}.creationTimestamp`, next.creationTimestamp, previous.creationTimestamp);
  addImmutable(errors, `${path}.deletionTimestamp`, next.deletionTimestamp, previous.deletionTimestamp);
  addImmutable(errors, `${path}.deletionGracePeriodSeconds`, next.deletionGracePeriodSeconds, previous.deletionGracePeriodSeconds);
  addCommonErrors(errors, next, path);
  addManagedFieldsErrors(errors, next.managedFields, `${path}.managedFields`);
  if (standardFinalizersOnly) addStandardFinalizerErrors(errors, next.finalizers, `${path}.finalizers`);
  return errors;
};

const addCommonErrors = (errors: FieldError[], metadata: ObjectMeta, path: string): void => {
  if (metadata.labels) errors.push(...validateLabels(metadata.labels, `${path}.labels`));
  addAnnotationErrors(errors, metadata.annotations, `${path}.annotations`);
  addOwnerReferenceErrors(errors, metadata.ownerReferences, `${path}.ownerReferences`);
};

/** Bytes that all annotations of an object may take, keys and values. */
const annotationsLimit = 256 * 1024;

/** ValidateAnnotations: keys are qualified names but for their case. */
export const addAnnotationErrors = (errors: FieldError[], annotations: ObjectMeta["annotations"], path: string): void => {
  if (!annotations) return;
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    addInvalid(errors, path, key, isQualifiedName(key.toLowerCase()));
    size += bytesOf(key) + bytesOf(value);
  }
  if (size > annotationsLimit) errors.push(tooLong(path, annotationsLimit));
};

const addOwnerReferenceErrors = (errors: FieldError[], owners: readonly OwnerReference[] | undefined, path: string): void => {
  let controller: OwnerReference | undefined;
  for (const owner of owners ?? []) {
    const groupAndVersion = (owner.apiVersion ?? "").split("/");
    if (!groupAndVersion.at(-1) || groupAndVersion.length > 2)
      errors.push(invalidValue(`${path}.apiVersion`, owner.apiVersion ?? "", "version must not be empty"));
    if (!owner.kind) errors.push(invalidValue(`${path}.kind`, "", "kind must not be empty"));
    if (!owner.name) errors.push(invalidValue(`${path}.name`, "", "name must not be empty"));
    if (!owner.uid) errors.push(invalidValue(`${path}.uid`, "", "uid must not be empty"));
    if (owner.apiVersion === "v1" && owner.kind === "Event")
      errors.push(invalidValue(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    if (!owner.controller) continue;
    if (controller) {
      const both = `${controller.kind}/${controller.name} and ${owner.kind}/${owner.name}`;
      errors.push(invalidValue(path, owners, `Only one reference can have Controller set to true. Found "true" in references for ${both}`));
    } else controller = owner;
  }
};

const addFinalizerErrors = (errors: FieldError[], finalizers: readonly string[] | undefined, path: string): void => {
  if (!finalizers) return;
  for (const finalizer of finalizers) addInvalid(errors, path, finalizer, isQualifiedName(finalizer));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    errors.push(invalidValue(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
};

const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** Whether a finalizer without a domain is one of Kubernetes' own (validateKubeFinalizerName). */
export const finalizerSentences = (finalizer: string): readonly string[] =>
  finalizer.includes("/") || standardFinalizers.has(finalizer)
    ? []
    : ["name is neither a standard finalizer name nor is it fully qualified"];

const addStandardFinalizerErrors = (errors: FieldError[], finalizers: readonly string[] | undefined, path: string): void => {
  for (const [at, finalizer] of (finalizers ?? []).entries())
    addInvalid(errors, `${path}[${at}]`, finalizer, finalizerSentences(finalizer));
};

const managerLimit = 128;
const subresourceLimit = 256;

const addManagedFieldsErrors = (errors: FieldError[], entries: readonly ManagedFieldsEntry[] | undefined, path: string): void => {
  for (const [at, entry] of (entries ?? []).entries()) {
    if (entry.operation !== "Apply" && entry.operation !== "Update")
      errors.push(invalidValue(`${path}[${at}].operation`, entry.operation ?? "", "must be `Apply` or `Update`"));
    if (entry.fieldsType && (entry.fieldsType as string) !== "FieldsV1")
      errors.push(invalidValue(`${path}[${at}].fieldsType`, entry.fieldsType, "must be `FieldsV1`"));
    addFieldManagerErrors(errors, entry.manager ?? "", `${path}[${at}].manager`);
    if (entry.subresource && bytesOf(entry.subresource) > subresourceLimit)
      errors.push(tooLong(`${path}[${at}].subresource`, subresourceLimit));
  }
};

/** ValidateFieldManager: at most 128 bytes, all printable. */
export const addFieldManagerErrors = (errors: FieldError[], manager: string, path: string): void => {
  if (bytesOf(manager) > managerLimit) errors.push(tooLong(path, managerLimit));
  if (/^[\x20-\x7e]*$/.test(manager)) return;
  let position = 0;
  for (const character of manager) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) {
      const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
      errors.push(invalidValue(path, manager, `invalid character ${code} (at position ${position})`));
    }
    position += bytesOf(character);
  }
};
