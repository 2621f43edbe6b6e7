import type { PersistentVolumeSpec } from "../../../../api/types.ts";
import { forbiddenField, GoText, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import type { StrategyContext } from "../../strategy.ts";
import { addAccessModeErrors, addVolumeModeErrors } from "../persistentvolumeclaims/claim-spec.ts";
import { addNodeSelectorErrors } from "../podspec/node-selector.ts";
import { addBasicAmountErrors, addPositiveQuantity } from "../podspec/quantities.ts";
import { addVolumeSourceErrors } from "./volume-sources.ts";

export interface VolumeRules {
  readonly enabled: StrategyContext["enabled"];
  /** The old volume had values that no label can have. */
  readonly allowInvalidLabelValues?: boolean;
  readonly hasAttributesClass?: boolean;
}

const reclaimPolicies = ["Delete", "Recycle", "Retain"];

/** ValidatePersistentVolumeSpec. `name` is the volume's. */
export const addVolumeSpecErrors = (errors: FieldError[], spec: PersistentVolumeSpec, name: string, rules: VolumeRules): void => {
  if (!spec.accessModes?.length) errors.push(required("spec.accessModes"));
  addAccessModeErrors(errors, spec.accessModes, "spec.accessModes");
  addCapacityErrors(errors, spec.capacity);
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !reclaimPolicies.includes(policy)) errors.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, reclaimPolicies));
  if (spec.nodeAffinity) {
    const path = "spec.nodeAffinity.required";
    if (!spec.nodeAffinity.required) errors.push(required(path, "must specify required node constraints"));
    else addNodeSelectorErrors(errors, spec.nodeAffinity.required, path, rules.allowInvalidLabelValues ?? false);
  }
  addVolumeSourceErrors(errors, spec, name);
  if (spec.hostPath?.path !== undefined && /^\/+\.?$/.test(spec.hostPath.path) && policy === "Recycle")
    errors.push(forbiddenField("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
  if (spec.storageClassName)
    addInvalid(errors, "spec.storageClassName", spec.storageClassName, nameIsDNSSubdomain(spec.storageClassName, false));
  addVolumeModeErrors(errors, spec.volumeMode, "spec.volumeMode");
  addAttributesClassErrors(errors, spec, rules);
};

const addCapacityErrors = (errors: FieldError[], capacity: PersistentVolumeSpec["capacity"]): void => {
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.push(required("spec.capacity"));
  if (capacity?.["storage"] === undefined || names.length > 1)
    errors.push(notSupported("spec.capacity", capacity ?? new GoText("core.ResourceList(nil)"), ["storage"]));
  for (const name of names) {
    addBasicAmountErrors(errors, `spec.capacity[${name}]`, capacity![name]);
    addPositiveQuantity(errors, `spec.capacity[${name}]`, capacity![name]);
  }
};

const addAttributesClassErrors = (
  errors: FieldError[],
  { volumeAttributesClassName: name, csi }: PersistentVolumeSpec,
  rules: VolumeRules,
): void => {
  if (name === undefined || !(rules.hasAttributesClass || rules.enabled("VolumeAttributesClass"))) return;
  const path = "spec.volumeAttributesClassName";
  if (name === "") errors.push(required(path, "an empty string is disallowed"));
  else addInvalid(errors, path, name, nameIsDNSSubdomain(name, false));
  if (!csi) errors.push(required("spec.csi", "has to be specified when using volumeAttributesClassName"));
};
