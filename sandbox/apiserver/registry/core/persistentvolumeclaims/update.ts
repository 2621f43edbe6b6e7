import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../../../api/types.ts";
import { difference } from "../../../../apimachinery/equality/difference.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid, isImmutableSentence } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName } from "../../../../apimachinery/validation/names.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import type { StrategyContext } from "../../strategy.ts";
import { addBasicAmountErrors, addResourceAmountErrors } from "../podspec/quantities.ts";
import { isNative } from "../podspec/resource-names.ts";
import type { ClaimRules } from "./claim-spec.ts";

type Claim = PersistentVolumeClaim;
type Spec = PersistentVolumeClaimSpec;

const betaClass = "volume.beta.kubernetes.io/storage-class";

/** ValidationOptionsForPersistentVolumeClaim. */
export const claimRules = ({ enabled }: Pick<StrategyContext, "enabled">, previous?: Claim): ClaimRules => ({
  enabled,
  allowInvalidSelectorValues: previous?.spec?.selector !== undefined && validateLabelSelector(previous.spec.selector, "").length > 0,
  allowInvalidDataSourceGroup: Boolean(previous?.spec?.dataSource?.apiGroup ?? previous?.spec?.dataSourceRef?.apiGroup),
  hasAttributesClass: previous?.spec?.volumeAttributesClassName !== undefined,
});

/** ValidatePersistentVolumeClaimUpdate. `own` is what is wrong with the new claim by itself. */
export const validateClaimUpdate = (
  next: Claim,
  previous: Claim,
  own: readonly FieldError[],
  { enabled }: Pick<StrategyContext, "enabled">,
): FieldError[] => {
  const errors = [...metadataUpdateErrors(next, previous), ...own];
  const [spec, old]: [Spec, Spec] = [next.spec ?? {}, previous.spec ?? {}];
  const [annotated, wasAnnotated] = [next.metadata.annotations?.[betaClass], previous.metadata.annotations?.[betaClass]];
  const becomesField =
    wasAnnotated !== undefined &&
    old.storageClassName === undefined &&
    spec.storageClassName === wasAnnotated &&
    (annotated ?? wasAnnotated) === wasAnnotated;
  if (!becomesField && (annotated ?? "") !== (wasAnnotated ?? ""))
    errors.push(invalidValue(`metadata.annotations.${betaClass}`, annotated ?? "", isImmutableSentence));
  const isFirstClass =
    old.storageClassName === undefined &&
    spec.storageClassName !== undefined &&
    (wasAnnotated ?? spec.storageClassName) === spec.storageClassName;
  const rest = withoutUpdatable(next, old, becomesField || isFirstClass);
  const fixed = old.volumeName ? old : { ...old, volumeName: spec.volumeName };
  if (!isSemanticallyEqual(rest, fixed)) {
    const words = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbiddenField("spec", `${words}\n${difference(fixed, rest)}`));
  }
  addSizeErrors(errors, next, previous);
  addImmutable(errors, "volumeMode", spec.volumeMode, old.volumeMode);
  addAttributesClassErrors(errors, spec, old, enabled("VolumeAttributesClass"));
  return errors;
};

/** The new spec with the old values of what may change: a bound claim's size and attributes, and a class where there was none. */
const withoutUpdatable = (next: Claim, old: Spec, keepsClass: boolean): Spec => {
  const spec = next.spec ?? {};
  const isBound = next.status?.phase === "Bound";
  const { requests } = spec.resources ?? {};
  const storage = old.resources?.requests?.["storage"];
  return {
    ...spec,
    ...(keepsClass && { storageClassName: old.storageClassName }),
    ...(isBound && requests && { resources: { ...spec.resources, requests: { ...requests, ...(storage !== undefined && { storage }) } } }),
    ...(isBound && spec.volumeAttributesClassName !== undefined && { volumeAttributesClassName: old.volumeAttributesClassName }),
  };
};

/** A claim may ask for less again as long as it has not got more: so a failed growth is taken back. */
const addSizeErrors = (errors: FieldError[], next: Claim, previous: Claim): void => {
  const size = quantityOf(next.spec?.resources?.requests?.["storage"]);
  if (size.compare(quantityOf(previous.spec?.resources?.requests?.["storage"])) >= 0) return;
  if (size.compare(quantityOf(previous.status?.capacity?.["storage"])) <= 0)
    errors.push(forbiddenField("spec.resources.requests.storage", "field can not be less than status.capacity"));
};

const addAttributesClassErrors = (errors: FieldError[], next: Spec, previous: Spec, isEnabled: boolean): void => {
  const [name, old] = [next.volumeAttributesClassName, previous.volumeAttributesClassName];
  if (name === old) return;
  const path = "spec.volumeAttributesClassName";
  if (!isEnabled) errors.push(forbiddenField(path, "update is forbidden when the VolumeAttributesClass feature gate is disabled"));
  if (old === undefined) return;
  if (name === undefined) errors.push(forbiddenField(path, "update from non-nil value to nil is forbidden"));
  else if (name === "") errors.push(forbiddenField(path, "update from non-nil value to an empty string is forbidden"));
};

const resizeStatuses = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
  "NodeResizePending",
].sort();

/** ValidatePersistentVolumeClaimStatusUpdate. */
export const validateClaimStatusUpdate = (next: Claim, previous: Claim): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  if (!next.metadata.resourceVersion) errors.push(required("resourceVersion"));
  if (!next.spec?.accessModes?.length) errors.push(required("Spec.accessModes"));
  for (const [name, amount] of Object.entries(next.status?.capacity ?? {}))
    addBasicAmountErrors(errors, `status.capacity[${name}]`, amount);
  const statusPath = "status.allocatedResourceStatus";
  for (const [name, status] of Object.entries(next.status?.allocatedResourceStatuses ?? {})) {
    errors.push(...nameErrors(name, statusPath));
    if (!resizeStatuses.includes(status)) errors.push(notSupported(statusPath, name, resizeStatuses));
  }
  for (const [name, amount] of Object.entries(next.status?.allocatedResources ?? {})) {
    const path = "status.allocatedResources";
    const wrong = nameErrors(name, path);
    errors.push(...wrong);
    if (wrong.length > 0) continue;
    const before = errors.length;
    addBasicAmountErrors(errors, `${path}[${name}]`, amount);
    if (errors.length === before) addResourceAmountErrors(errors, "storage", amount, `${path}[${name}]`);
  }
  return errors;
};

const nameErrors = (name: string, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  addInvalid(errors, path, name, isQualifiedName(name));
  return errors.length > 0 || !isNative(name) || name === "storage" ? errors : [notSupported(path, name, ["storage"])];
};
