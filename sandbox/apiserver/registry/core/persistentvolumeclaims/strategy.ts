import type { PersistentVolumeClaim } from "../../../../api/types.ts";
import type { FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { metadataErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { roundAmounts } from "../podspec/round-amounts.ts";
import { setClaimSpecDefaults } from "./claim-defaults.ts";
import { addClaimSpecErrors, type ClaimRules } from "./claim-spec.ts";
import { claimSpecWarnings } from "./claim-warnings.ts";
import { dropDisabledClaimFields, syncDataSources } from "./data-sources.ts";
import { claimRules, validateClaimStatusUpdate, validateClaimUpdate } from "./update.ts";

const validate = ({ spec }: PersistentVolumeClaim, rules: ClaimRules): FieldError[] => {
  const errors: FieldError[] = [];
  addClaimSpecErrors(errors, spec ?? {}, "spec", rules);
  return errors;
};

const betaClass = "volume.beta.kubernetes.io/storage-class";

export const persistentVolumeClaimStrategy = defineStrategy<PersistentVolumeClaim>({
  group: "",
  resource: "persistentvolumeclaims",
  setDefaults: (draft) => {
    draft.status ??= {};
    draft.status.phase ||= "Pending";
    roundAmounts(draft.status.capacity);
    roundAmounts(draft.status.allocatedResources);
    setClaimSpecDefaults((draft.spec ??= {}));
  },
  prepareForCreate: (draft, context) => {
    draft.status = { phase: "Pending" };
    const spec = (draft.spec ??= {});
    dropDisabledClaimFields(spec, undefined, context);
    syncDataSources(spec, undefined);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    const spec = (draft.spec ??= {});
    dropDisabledClaimFields(spec, previous.spec, context);
    syncDataSources(spec, previous.spec);
  },
  validate: (claim, context) => validate(claim, claimRules(context)),
  validateUpdate: (next, previous, context) => {
    const own = [...metadataErrors(next, true), ...validate(next, claimRules(context, previous))];
    return [...own, ...validateClaimUpdate(next, previous, own, context)];
  },
  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.[betaClass] === undefined
      ? []
      : [`metadata.annotations[${betaClass}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
    ...claimSpecWarnings(spec ?? {}, "spec"),
  ],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: { prepareForUpdate: keepSpec, validateUpdate: validateClaimStatusUpdate, resetFields: ["spec"] } },
});
