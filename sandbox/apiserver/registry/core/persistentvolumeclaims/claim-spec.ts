import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  TypedLocalObjectReference,
  TypedObjectReference,
} from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { validateLabels, validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import {
  forbiddenField,
  GoText,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Subdomain, nameIsDNSLabel, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { addAnnotationErrors } from "../../../../apimachinery/validation/object-meta.ts";
import type { StrategyContext } from "../../strategy.ts";
import { addPositiveQuantity } from "../podspec/quantities.ts";

/** What a claim already had when it was stored under laxer rules. */
export interface ClaimRules {
  readonly enabled: StrategyContext["enabled"];
  readonly allowInvalidSelectorValues?: boolean;
  readonly allowInvalidDataSourceGroup?: boolean;
  /** The old claim names a VolumeAttributesClass: so may the new one, whatever the feature gate says. */
  readonly hasAttributesClass?: boolean;
}

const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const volumeModes = ["Block", "Filesystem"];

/** Modes of claims and volumes alike. */
export const addAccessModeErrors = (errors: FieldError[], modes: readonly string[] | undefined, path: string): void => {
  let [alone, shared] = [false, false];
  for (const mode of modes ?? []) {
    const supported = accessModes.includes(mode);
    if (!supported) errors.push(notSupported(path, mode, accessModes));
    if (mode === "ReadWriteOncePod") alone = true;
    else if (supported) shared = true;
  }
  if (alone && shared) errors.push(forbiddenField(path, "may not use ReadWriteOncePod with other access modes"));
};

export const addVolumeModeErrors = (errors: FieldError[], mode: string | undefined, path: string): void => {
  if (mode !== undefined && !volumeModes.includes(mode)) errors.push(notSupported(path, mode, volumeModes));
};

/** ValidatePersistentVolumeClaimSpec. */
export const addClaimSpecErrors = (errors: FieldError[], spec: PersistentVolumeClaimSpec, path: string, rules: ClaimRules): void => {
  if (!spec.accessModes?.length) errors.push(required(`${path}.accessModes`, "at least 1 access mode is required"));
  if (spec.selector)
    errors.push(
      ...validateLabelSelector(spec.selector, `${path}.selector`, { allowInvalidValues: rules.allowInvalidSelectorValues ?? false }),
    );
  addAccessModeErrors(errors, spec.accessModes, `${path}.accessModes`);
  const storage = spec.resources?.requests?.["storage"];
  if (storage === undefined) errors.push(required(`${path}.resources[storage]`));
  else addPositiveQuantity(errors, `${path}.resources[storage]`, storage);
  if (spec.storageClassName)
    addInvalid(errors, `${path}.storageClassName`, spec.storageClassName, nameIsDNSSubdomain(spec.storageClassName, false));
  addVolumeModeErrors(errors, spec.volumeMode, `${path}.volumeMode`);
  addSourceErrors(errors, spec, path, rules.allowInvalidDataSourceGroup ?? false);
  const attributesClass = spec.volumeAttributesClassName;
  if (attributesClass && (rules.hasAttributesClass || rules.enabled("VolumeAttributesClass")))
    addInvalid(errors, `${path}.volumeAttributesClassName`, attributesClass, nameIsDNSSubdomain(attributesClass, false));
};

const addSourceErrors = (
  errors: FieldError[],
  { dataSource, dataSourceRef }: PersistentVolumeClaimSpec,
  path: string,
  allowInvalidGroup: boolean,
): void => {
  if (dataSource) addReferenceErrors(errors, dataSource, `${path}.dataSource`, allowInvalidGroup);
  if (dataSourceRef) {
    addReferenceErrors(errors, dataSourceRef, `${path}.dataSourceRef`, allowInvalidGroup);
    const { namespace } = dataSourceRef;
    if (namespace) addInvalid(errors, `${path}.dataSourceRef.namespace`, namespace, nameIsDNSLabel(namespace, false));
  }
  if (!dataSource || !dataSourceRef) return;
  const shown = new GoText(`${path}.dataSource`);
  if (dataSourceRef.namespace) errors.push(invalidValue(path, shown, "may not be specified when dataSourceRef.namespace is specified"));
  else if (!isSameReference(dataSource, dataSourceRef)) errors.push(invalidValue(path, shown, "must match dataSourceRef"));
};

const isSameReference = (left: TypedLocalObjectReference, right: TypedObjectReference): boolean =>
  (left.apiGroup ?? "") === (right.apiGroup ?? "") && left.kind === right.kind && left.name === right.name;

const addReferenceErrors = (
  errors: FieldError[],
  { name, kind = "", apiGroup: group }: TypedLocalObjectReference | TypedObjectReference,
  path: string,
  allowInvalidGroup: boolean,
): void => {
  const apiGroup = (group as string | null | undefined) ?? "";
  if (!name) errors.push(required(`${path}.name`));
  if (kind === "") errors.push(required(`${path}.kind`));
  if (apiGroup === "" && kind !== "PersistentVolumeClaim")
    errors.push(invalidValue(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (apiGroup !== "" && !allowInvalidGroup) addInvalid(errors, `${path}.apiGroup`, apiGroup, isDNS1123Subdomain(apiGroup));
};

/** ValidatePersistentVolumeClaimTemplate: of the metadata only labels and annotations may be set. */
export const addClaimTemplateErrors = (
  errors: FieldError[],
  { metadata, spec }: PersistentVolumeClaimTemplate,
  path: string,
  rules: ClaimRules,
): void => {
  addAnnotationErrors(errors, metadata?.annotations, `${path}.metadata.annotations`);
  errors.push(...validateLabels(metadata?.labels, `${path}.metadata.labels`));
  for (const [key, value] of Object.entries(metadata ?? {}))
    if (key !== "labels" && key !== "annotations" && !isSemanticallyEqual(value, undefined) && value !== "" && value !== 0)
      errors.push(forbiddenField(`${path}.metadata.${key}`, "cannot be set"));
  addClaimSpecErrors(errors, spec ?? {}, `${path}.spec`, rules);
};
