import type { Affinity, NodeSelectorTerm, PodAffinity, PodAffinityTerm, PodAntiAffinity } from "../../../../api/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName, nameIsDNSLabel } from "../../../../apimachinery/validation/names.ts";
import { addLabelKeyErrors } from "./label-keys.ts";
import { addNodeSelectorErrors, addNodeSelectorTermErrors } from "./node-selector.ts";
import type { PodRules } from "./options.ts";

/** validateAffinity. */
export const addAffinityErrors = (
  errors: FieldError[],
  { nodeAffinity, podAffinity, podAntiAffinity }: Affinity,
  path: string,
  rules: PodRules,
): void => {
  if (nodeAffinity) {
    const { requiredDuringSchedulingIgnoredDuringExecution: needed, preferredDuringSchedulingIgnoredDuringExecution: preferred } =
      nodeAffinity;
    const field = `${path}.nodeAffinity`;
    if (needed)
      addNodeSelectorErrors(
        errors,
        needed,
        `${field}.requiredDuringSchedulingIgnoredDuringExecution`,
        rules.allowInvalidLabelValueInNodeAffinity,
      );
    preferred?.forEach(({ weight, preference }, at) => {
      addPreferenceErrors(errors, weight, preference, `${field}.preferredDuringSchedulingIgnoredDuringExecution[${at}]`);
    });
  }
  if (podAffinity) addPodAffinityErrors(errors, podAffinity, `${path}.podAffinity`, rules);
  if (podAntiAffinity) addPodAffinityErrors(errors, podAntiAffinity, `${path}.podAntiAffinity`, rules);
};

const addWeightErrors = (errors: FieldError[], weight = 0, path: string): void => {
  if (weight <= 0 || weight > 100) errors.push(invalidValue(`${path}.weight`, weight, "must be in the range 1-100"));
};

const addPreferenceErrors = (errors: FieldError[], weight: number, preference: NodeSelectorTerm, path: string): void => {
  addWeightErrors(errors, weight, path);
  addNodeSelectorTermErrors(errors, preference ?? {}, `${path}.preference`, true);
};

const addPodAffinityErrors = (errors: FieldError[], affinity: PodAffinity | PodAntiAffinity, path: string, rules: PodRules): void => {
  affinity.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, at) => {
    addTermErrors(errors, term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${at}]`, rules);
  });
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, podAffinityTerm }, at) => {
    const field = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${at}]`;
    addWeightErrors(errors, weight, field);
    addTermErrors(errors, podAffinityTerm ?? {}, `${field}.podAffinityTerm`, rules);
  });
};

/** validatePodAffinityTerm. */
const addTermErrors = (errors: FieldError[], term: PodAffinityTerm, path: string, rules: PodRules): void => {
  const { labelSelector, namespaceSelector, namespaces, matchLabelKeys, mismatchLabelKeys, topologyKey = "" } = term;
  const selectorRules = { allowInvalidValues: rules.allowInvalidLabelValueInSelector };
  if (labelSelector) errors.push(...validateLabelSelector(labelSelector, `${path}.labelSelector`, selectorRules));
  if (namespaceSelector) errors.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, selectorRules));
  for (const namespace of namespaces ?? []) addInvalid(errors, `${path}.namespace`, namespace, nameIsDNSLabel(namespace, false));
  if (matchLabelKeys || mismatchLabelKeys) addLabelKeyErrors(errors, matchLabelKeys ?? [], mismatchLabelKeys ?? [], labelSelector, path);
  if (topologyKey === "") errors.push(required(`${path}.topologyKey`, "can not be empty"));
  addInvalid(errors, `${path}.topologyKey`, topologyKey, isQualifiedName(topologyKey));
};
