import type {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PersistentVolume,
  PersistentVolumeSpec,
  VolumeNodeAffinity,
} from "../../../../api/types.ts";
import { difference } from "../../../../apimachinery/equality/difference.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, isImmutableSentence } from "../../../../apimachinery/validation/fields.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import type { StrategyContext } from "../../strategy.ts";
import { currentNodeLabel } from "../nodes/labels.ts";
import { sourceNames } from "./volume-sources.ts";

/** ValidatePersistentVolumeUpdate, without what it looks at again of the new volume: where its data are does not change. */
export const validateVolumeUpdate = (
  next: PersistentVolume,
  previous: PersistentVolume,
  { enabled }: Pick<StrategyContext, "enabled">,
): FieldError[] => {
  const errors: FieldError[] = [];
  const [spec, old]: [PersistentVolumeSpec, PersistentVolumeSpec] = [next.spec ?? {}, previous.spec ?? {}];
  const [source, oldSource] = [sourceOf(spec, old), sourceOf(old)];
  if (!isSemanticallyEqual(source, oldSource))
    errors.push(
      forbiddenField(
        "spec.persistentvolumesource",
        `spec.persistentvolumesource is immutable after creation\n${difference(oldSource, source)}`,
      ),
    );
  addImmutable(errors, "volumeMode", spec.volumeMode, old.volumeMode);
  if (old.nodeAffinity && !isSemanticallyEqual(spec.nodeAffinity, renamed(old.nodeAffinity, spec.nodeAffinity)))
    errors.push(invalidValue("nodeAffinity", spec.nodeAffinity, `${isImmutableSentence}, except for updating from beta label to GA`));
  const [name, oldName] = [spec.volumeAttributesClassName, old.volumeAttributesClassName];
  const path = "spec.volumeAttributesClassName";
  if (name !== oldName && !enabled("VolumeAttributesClass"))
    errors.push(forbiddenField(path, "update is forbidden when the VolumeAttributesClass feature gate is disabled"));
  if (oldName !== undefined && name === undefined) errors.push(forbiddenField(path, "update from non-nil value to nil is forbidden"));
  return errors;
};

/** The source alone; a secret for growing may be added later. */
const sourceOf = (spec: PersistentVolumeSpec, old?: PersistentVolumeSpec): Partial<PersistentVolumeSpec> => {
  const source = Object.fromEntries(sourceNames.map((name) => [name, spec[name]]));
  if (!spec.csi || !old?.csi || old.csi.controllerExpandSecretRef) return source;
  const { controllerExpandSecretRef: _added, ...csi } = spec.csi;
  return { ...source, csi };
};

/** The old affinity with today's names of labels where the new one has them. */
const renamed = (old: VolumeNodeAffinity, next: VolumeNodeAffinity | undefined): VolumeNodeAffinity => {
  const keyAt = (term: number, at: number) => next?.required?.nodeSelectorTerms?.[term]?.matchExpressions?.[at]?.key;
  const expression = (requirement: NodeSelectorRequirement, key: string | undefined): NodeSelectorRequirement =>
    key === currentNodeLabel(requirement.key) ? { ...requirement, key } : requirement;
  const term = ({ matchExpressions, ...others }: NodeSelectorTerm, termAt: number): NodeSelectorTerm => ({
    ...others,
    ...(matchExpressions && { matchExpressions: matchExpressions.map((each, at) => expression(each, keyAt(termAt, at))) }),
  });
  return { ...old, ...(old.required && { required: { nodeSelectorTerms: old.required.nodeSelectorTerms?.map(term) ?? [] } }) };
};

/** ValidatePersistentVolumeStatusUpdate. */
export const validateVolumeStatusUpdate = (next: PersistentVolume, previous: PersistentVolume): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  return next.metadata.resourceVersion ? errors : [...errors, required("resourceVersion")];
};
