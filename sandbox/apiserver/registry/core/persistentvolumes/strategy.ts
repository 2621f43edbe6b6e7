import type { PersistentVolume, PersistentVolumeStatus } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { forbiddenField, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { isValidLabelValue } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy, type StrategyContext } from "../../strategy.ts";
import { timeText } from "../pods/conditions.ts";
import { roundAmounts } from "../podspec/round-amounts.ts";
import { setStorageDefaults } from "../podspec/volume-defaults.ts";
import { validateVolumeStatusUpdate, validateVolumeUpdate } from "./update.ts";
import { addVolumeSpecErrors, type VolumeRules } from "./volume-spec.ts";
import { volumeWarnings } from "./warnings.ts";

const mountOptions = "volume.beta.kubernetes.io/mount-options";
const mountableWithOptions = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cephfs",
  "vsphereVolume",
  "azureFile",
  "azureDisk",
  "portworxVolume",
  "csi",
  "local",
  "storageos",
  "cinder",
] as const;

const rulesOf = ({ enabled }: Pick<StrategyContext, "enabled">, previous?: PersistentVolume): VolumeRules => ({
  enabled,
  hasAttributesClass: previous?.spec?.volumeAttributesClassName !== undefined,
  allowInvalidLabelValues: (previous?.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).some(({ matchExpressions }) =>
    (matchExpressions ?? []).some(({ values }) => (values ?? []).some((value) => isValidLabelValue(value).length > 0)),
  ),
});

const validate = ({ metadata, spec }: PersistentVolume, rules: VolumeRules): FieldError[] => {
  const errors: FieldError[] = [];
  addVolumeSpecErrors(errors, spec ?? {}, metadata.name ?? "", rules);
  return errors;
};

/** Old mount options are for sources that are mounted. */
const mountOptionErrors = ({ metadata, spec }: PersistentVolume): FieldError[] =>
  metadata.annotations?.[mountOptions] === undefined || mountableWithOptions.some((source) => spec?.[source])
    ? []
    : [forbiddenField(`metadata.annotations.${mountOptions}`, "may not specify mount options for this volume type")];

export const persistentVolumeStrategy = defineStrategy<PersistentVolume>({
  group: "",
  resource: "persistentvolumes",
  setDefaults: (draft) => {
    draft.status ??= {};
    draft.status.phase ||= "Pending";
    const spec = (draft.spec ??= {});
    spec.persistentVolumeReclaimPolicy ||= "Retain";
    spec.volumeMode ??= "Filesystem";
    setStorageDefaults(spec);
    roundAmounts(spec.capacity);
  },
  prepareForCreate: (draft, context) => {
    draft.status = { phase: "Pending", lastPhaseTransitionTime: timeText(context.now) };
    if (!context.enabled("VolumeAttributesClass")) delete draft.spec?.volumeAttributesClassName;
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    if (!context.enabled("VolumeAttributesClass") && previous.spec?.volumeAttributesClassName === undefined)
      delete draft.spec?.volumeAttributesClassName;
  },
  validate: (volume, context) => [...validate(volume, rulesOf(context)), ...mountOptionErrors(volume)],
  validateUpdate: (next, previous, context) => {
    const own = [...metadataErrors(next, false), ...validate(next, rulesOf(context, previous))];
    return [...own, ...mountOptionErrors(next), ...own, ...validateVolumeUpdate(next, previous, context)];
  },
  warnings: volumeWarnings,
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: {
      prepareForUpdate: (draft, previous, { now }) => {
        keepSpec(draft, previous);
        const status: Draft<PersistentVolumeStatus> = (draft.status ??= {});
        const old = previous.status?.lastPhaseTransitionTime;
        if (status.phase !== previous.status?.phase && (status.lastPhaseTransitionTime ?? old) === old)
          status.lastPhaseTransitionTime = timeText(now);
      },
      validateUpdate: validateVolumeStatusUpdate,
      resetFields: ["spec"],
    },
  },
});
