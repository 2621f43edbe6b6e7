import type { PriorityClass } from "../../../api/types.ts";
import { forbiddenField, notSupported, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { metadataUpdateErrors } from "../generic/metadata.ts";
import { setFirstGeneration } from "../generic/generation.ts";
import { defineStrategy } from "../strategy.ts";

const highestOfUsers = 1_000_000_000;
const systemClasses: Readonly<Record<string, number>> = { "system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000 };

/** ValidatePriorityClass, without the metadata: names that begin with `system-` are Kubernetes' own. */
const validate = ({ metadata, value = 0, globalDefault, preemptionPolicy }: PriorityClass): FieldError[] => {
  const errors: FieldError[] = [];
  const name = metadata.name ?? "";
  if (name.startsWith("system-")) {
    if (systemClasses[name] !== value || globalDefault)
      errors.push(
        forbiddenField(
          "metadata.name",
          `priority class names with 'system-' prefix are reserved for system use only. error: ${name in systemClasses ? `value of ${name} PriorityClass must be ${systemClasses[name]!}` : `${name} is not a known system priority class`}`,
        ),
      );
  } else if (value > highestOfUsers)
    errors.push(forbiddenField("value", `maximum allowed value of a user defined priority is ${highestOfUsers}`));
  if (preemptionPolicy && preemptionPolicy !== "Never" && preemptionPolicy !== "PreemptLowerPriority")
    errors.push(notSupported("preemptionPolicy", preemptionPolicy, ["Never", "PreemptLowerPriority"]));
  return errors;
};

export const priorityClassStrategy = defineStrategy<PriorityClass>({
  group: "scheduling.k8s.io",
  resource: "priorityclasses",
  setDefaults: (draft) => {
    draft.preemptionPolicy ??= "PreemptLowerPriority";
  },
  prepareForCreate: setFirstGeneration,
  validate,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous)];
    if ((next.value ?? 0) !== (previous.value ?? 0)) errors.push(forbiddenField("value", "may not be changed in an update."));
    if (next.preemptionPolicy !== previous.preemptionPolicy)
      errors.push({ type: "FieldValueInvalid", field: "preemptionPolicy", value: next.preemptionPolicy, detail: "field is immutable" });
    return errors;
  },
  whyKept: ({ metadata }) =>
    Object.hasOwn(systemClasses, metadata.name ?? "") ? "this is a system priority class and cannot be deleted" : undefined,
  allowUnconditionalUpdate: true,
});
