import type { PersistentVolumeClaim, StatefulSet } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { nameIsDNSLabel } from "../../../../apimachinery/validation/names.ts";
import { setClaimSpecDefaults } from "../../core/persistentvolumeclaims/claim-defaults.ts";
import { claimSpecWarnings } from "../../core/persistentvolumeclaims/claim-warnings.ts";
import { dropDisabledTemplateFields } from "../../core/podspec/disabled-fields.ts";
import { setTemplateDefaults } from "../../core/podspec/defaults.ts";
import { templateRules } from "../../core/podspec/options.ts";
import { templateWarnings } from "../../core/podspec/warnings.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { emptySpec } from "../template-rules.ts";
import { defineStrategy, type StrategyContext } from "../../strategy.ts";
import { validateStatefulSetSpec, validateStatefulSetStatusUpdate, validateStatefulSetUpdate } from "./validation.ts";

const setClaimTemplateDefaults = (claim: Draft<PersistentVolumeClaim>): void => {
  claim.apiVersion = "v1";
  claim.kind = "PersistentVolumeClaim";
  setClaimSpecDefaults((claim.spec ??= {}));
  (claim.status ??= {}).phase ||= "Pending";
};

const dropDisabled = ({ spec }: Draft<StatefulSet>, previous: StatefulSet | undefined, context: StrategyContext): void => {
  dropDisabledTemplateFields(spec?.template, previous?.spec?.template, context);
  const rollingUpdate = spec?.updateStrategy?.rollingUpdate;
  if (
    rollingUpdate &&
    !context.enabled("MaxUnavailableStatefulSet") &&
    previous?.spec?.updateStrategy?.rollingUpdate?.maxUnavailable === undefined
  )
    delete rollingUpdate.maxUnavailable;
};

export const statefulSetStrategy = defineStrategy<StatefulSet>({
  group: "apps",
  resource: "statefulsets",
  validateName: nameIsDNSLabel,
  setDefaults: (draft, context) => {
    const spec = (draft.spec ??= emptySpec());
    setTemplateDefaults((spec.template ??= { spec: { containers: [] } }), context);
    spec.podManagementPolicy ||= "OrderedReady";
    const strategy = (spec.updateStrategy ??= {});
    if (!strategy.type) strategy.type = "RollingUpdate";
    if (strategy.type === "RollingUpdate") {
      const rollingUpdate = (strategy.rollingUpdate ??= {});
      rollingUpdate.partition ??= 0;
      if (context.enabled("MaxUnavailableStatefulSet")) rollingUpdate.maxUnavailable ??= 1;
    }
    const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
    retention.whenDeleted ||= "Retain";
    retention.whenScaled ||= "Retain";
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.volumeClaimTemplates?.forEach(setClaimTemplateDefaults);
  },
  prepareForCreate: (draft, context) => {
    draft.status = { replicas: 0, availableReplicas: 0 };
    setFirstGeneration(draft);
    dropDisabled(draft, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    dropDisabled(draft, previous, context);
    setNextGeneration(draft, previous);
  },
  validate: (object, context) => validateStatefulSetSpec(object, templateRules(context)),
  validateUpdate: (next, previous, context) =>
    validateStatefulSetUpdate(
      next,
      previous,
      templateRules(context, previous.spec?.template),
      context.enabled("InPlacePodVerticalScaling"),
    ),
  warnings: (next, previous) => {
    if (previous && next.metadata.generation === previous.metadata.generation) return [];
    const { template, volumeClaimTemplates } = next.spec ?? {};
    return [
      ...(template ? templateWarnings(template, "spec.template") : []),
      ...(volumeClaimTemplates ?? []).flatMap(({ spec }, at) => claimSpecWarnings(spec ?? {}, `spec.volumeClaimTemplates[${at}]`)),
    ];
  },
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy(validateStatefulSetStatusUpdate) },
});
