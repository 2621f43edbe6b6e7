import type { TopologySpreadConstraint } from "../../../../api/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { duplicate, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { isNotPositiveSentence } from "../../../../apimachinery/validation/fields.ts";
import { addSpreadLabelKeyErrors } from "./label-keys.ts";
import type { PodRules } from "./options.ts";

const actions = ["DoNotSchedule", "ScheduleAnyway"];
const inclusionPolicies = ["Honor", "Ignore"];

/** validateTopologySpreadConstraints. */
export const addTopologySpreadErrors = (
  errors: FieldError[],
  constraints: readonly TopologySpreadConstraint[],
  path: string,
  rules: PodRules,
): void => {
  for (const [at, constraint] of constraints.entries()) {
    const field = `${path}[${at}]`;
    const { maxSkew = 0, topologyKey = "", whenUnsatisfiable = "", minDomains, labelSelector } = constraint;
    if (maxSkew <= 0) errors.push(invalidValue(`${field}.maxSkew`, maxSkew, isNotPositiveSentence));
    if (topologyKey === "") errors.push(required(`${field}.topologyKey`, "can not be empty"));
    if (!actions.includes(whenUnsatisfiable)) errors.push(notSupported(`${field}.whenUnsatisfiable`, whenUnsatisfiable, actions));
    const isRepeated = constraints
      .slice(at + 1)
      .some((other) => (other.topologyKey ?? "") === topologyKey && (other.whenUnsatisfiable ?? "") === whenUnsatisfiable);
    if (isRepeated) errors.push(duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalidValue(`${field}.minDomains`, minDomains, isNotPositiveSentence));
      if (whenUnsatisfiable !== "DoNotSchedule")
        errors.push(
          invalidValue(
            `${field}.minDomains`,
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
          ),
        );
    }
    for (const policy of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const value = constraint[policy];
      if (value !== undefined && !inclusionPolicies.includes(value))
        errors.push(notSupported(`${field}.${policy}`, value, inclusionPolicies));
    }
    addSpreadLabelKeyErrors(errors, constraint.matchLabelKeys ?? [], labelSelector, `${field}.matchLabelKeys`);
    if (labelSelector && !rules.allowInvalidSpreadSelector) errors.push(...validateLabelSelector(labelSelector, `${field}.labelSelector`));
  }
};
