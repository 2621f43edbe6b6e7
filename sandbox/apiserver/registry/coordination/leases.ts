import type { Lease } from "../../../api/types.ts";
import { forbiddenField, invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../apimachinery/validation/fields.ts";
import { isQualifiedName } from "../../../apimachinery/validation/names.ts";
import { anyMetadataErrors, anyMetadataUpdateErrors } from "../generic/metadata.ts";
import { defineStrategy } from "../strategy.ts";

const validate = ({ spec }: Lease): FieldError[] => {
  const errors: FieldError[] = [];
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    errors.push(invalidValue("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0"));
  if (leaseTransitions !== undefined && leaseTransitions < 0)
    errors.push(invalidValue("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0"));
  if (strategy !== undefined) addInvalid(errors, "spec.strategy", strategy, isQualifiedName(strategy));
  if (preferredHolder && !strategy) errors.push(forbiddenField("spec.preferredHolder", "may only be specified if `strategy` is defined"));
  return errors;
};

export const leaseStrategy = defineStrategy<Lease>({
  group: "coordination.k8s.io",
  resource: "leases",
  anyFinalizers: true,
  validate,
  validateUpdate: (next, previous) => [...anyMetadataErrors(next, true), ...validate(next), ...anyMetadataUpdateErrors(next, previous)],
  allowCreateOnUpdate: true,
});
