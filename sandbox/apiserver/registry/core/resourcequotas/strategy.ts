import type { ResourceQuota } from "../../../../api/types.ts";
import { invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { isImmutableSentence } from "../../../../apimachinery/validation/fields.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { roundAmounts } from "../podspec/round-amounts.ts";
import { addQuotaAmountErrors, validateQuotaSpec } from "./validation.ts";

const validateStatusUpdate = (next: ResourceQuota, previous: ResourceQuota): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  if (!next.metadata.resourceVersion) errors.push(required("resourceVersion"));
  addQuotaAmountErrors(errors, next.status?.hard, "status.hard");
  addQuotaAmountErrors(errors, next.status?.used, "status.used");
  return errors;
};

export const resourceQuotaStrategy = defineStrategy<ResourceQuota>({
  group: "",
  resource: "resourcequotas",
  setDefaults: ({ spec, status }) => {
    roundAmounts(spec?.hard);
    roundAmounts(status?.hard);
    roundAmounts(status?.used);
  },
  prepareForCreate: (draft) => {
    draft.status = {};
  },
  prepareForUpdate: keepStatus,
  validate: ({ spec }) => validateQuotaSpec(spec ?? {}),
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous), ...validateQuotaSpec(next.spec ?? {})];
    const [scopes, old] = [new Set(next.spec?.scopes), new Set(previous.spec?.scopes)];
    if (scopes.size !== old.size || [...scopes].some((scope) => !old.has(scope)))
      errors.push(invalidValue("spec.scopes", next.spec?.scopes ?? [], isImmutableSentence));
    return errors;
  },
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy(validateStatusUpdate) },
});
