import type { StorageClass } from "../../../../api/types.ts";
import {
  duplicate,
  forbiddenField,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName, isValidLabelValue } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";

const most = { parameters: 512, bytes: 256 * 1024 };
const bindingModes = ["Immediate", "WaitForFirstConsumer"];

/** ValidateStorageClass, without the metadata. */
const validate = ({ provisioner = "", parameters, reclaimPolicy, volumeBindingMode, allowedTopologies }: StorageClass): FieldError[] => {
  const errors: FieldError[] = [];
  if (provisioner === "") errors.push(required("provisioner"));
  else addInvalid(errors, "provisioner", provisioner.toLowerCase(), isQualifiedName(provisioner.toLowerCase()));
  addParameterErrors(errors, parameters ?? {});
  if (reclaimPolicy && reclaimPolicy !== "Delete" && reclaimPolicy !== "Retain")
    errors.push(notSupported("reclaimPolicy", reclaimPolicy, ["Delete", "Retain"]));
  if (!volumeBindingMode) errors.push(required("volumeBindingMode"));
  else if (!bindingModes.includes(volumeBindingMode)) errors.push(notSupported("volumeBindingMode", volumeBindingMode, bindingModes));
  addTopologyErrors(errors, allowedTopologies ?? []);
  return errors;
};

const addParameterErrors = (errors: FieldError[], parameters: Readonly<Record<string, string>>): void => {
  const entries = Object.entries(parameters);
  if (entries.length > most.parameters) return void errors.push(tooLong("parameters", most.parameters));
  let size = 0;
  for (const [key, value] of entries) {
    if (key === "") errors.push({ type: "FieldValueInvalid", field: "parameters", value: key, detail: "field can not be empty." });
    size += bytesOf(key) + bytesOf(value);
  }
  if (size > most.bytes) errors.push(tooLong("parameters", most.bytes));
};

const addTopologyErrors = (errors: FieldError[], topologies: NonNullable<StorageClass["allowedTopologies"]>): void => {
  const seenTerms = new Set<string>();
  for (const [at, { matchLabelExpressions = [] }] of topologies.entries()) {
    const path = `allowedTopologies[${at}]`;
    const keys = new Set<string>();
    for (const [index, { key, values = [] }] of matchLabelExpressions.entries()) {
      const own = `${path}.matchLabelExpressions[${index}]`;
      if (values.length === 0) errors.push(required(`${own}.values`));
      const seen = new Set<string>();
      for (const [position, value] of values.entries()) {
        addInvalid(errors, `${own}.values[${position}]`, value, isValidLabelValue(value));
        if (seen.has(value)) errors.push(duplicate(`${own}.values[${position}]`, value));
        seen.add(value);
      }
      addInvalid(errors, `${own}.key`, key, isQualifiedName(key));
      if (keys.has(key)) errors.push(duplicate(`${own}.key`, key));
      keys.add(key);
    }
    const term = JSON.stringify(matchLabelExpressions.map(({ key, values = [] }) => [key, [...values].sort()]).sort());
    if (seenTerms.has(term)) errors.push(duplicate(`${path}.matchLabelExpressions`, ""));
    seenTerms.add(term);
  }
};

export const storageClassStrategy = defineStrategy<StorageClass>({
  group: "storage.k8s.io",
  resource: "storageclasses",
  setDefaults: (draft) => {
    draft.reclaimPolicy ??= "Delete";
    draft.volumeBindingMode ??= "Immediate";
  },
  validate,
  validateUpdate: (next, previous) => {
    const errors = [...metadataErrors(next, false), ...validate(next), ...metadataUpdateErrors(next, previous)];
    if (JSON.stringify(sorted(next.parameters)) !== JSON.stringify(sorted(previous.parameters)))
      errors.push(forbiddenField("parameters", "updates to parameters are forbidden."));
    if (next.provisioner !== previous.provisioner) errors.push(forbiddenField("provisioner", "updates to provisioner are forbidden."));
    if (next.reclaimPolicy !== previous.reclaimPolicy)
      errors.push(forbiddenField("reclaimPolicy", "updates to reclaimPolicy are forbidden."));
    addImmutable(errors, "volumeBindingMode", next.volumeBindingMode, previous.volumeBindingMode);
    return errors;
  },
  allowUnconditionalUpdate: true,
});

const sorted = (parameters: Readonly<Record<string, string>> = {}): readonly (readonly [string, string])[] =>
  Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
