import { forbiddenField, invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import type { LabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { isQualifiedName } from "../../../../apimachinery/validation/names.ts";

/**
 * The label keys of a pod affinity term (validateMatchLabelKeysAndMismatchLabelKeys). When this runs, the pod's own values
 * of the matching keys have been added to the selector already: a key that is there twice was there before.
 */
export const addLabelKeyErrors = (
  errors: FieldError[],
  matching: readonly string[],
  mismatching: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
): void => {
  addKeyErrors(errors, matching, selector, `${path}.matchLabelKeys`);
  addKeyErrors(errors, mismatching, selector, `${path}.mismatchLabelKeys`);
  if (selector) {
    const seen = new Set(Object.keys(selector.matchLabels ?? {}));
    for (const { key } of selector.matchExpressions ?? []) {
      const at = matching.lastIndexOf(key);
      if (at >= 0 && seen.has(key)) errors.push(invalidValue(`${path}[${at}]`, key, "exists in both matchLabelKeys and labelSelector"));
      seen.add(key);
    }
  }
  for (const [at, key] of matching.entries())
    if (mismatching.includes(key))
      errors.push(invalidValue(`${path}.matchLabelKeys[${at}]`, key, "exists in both matchLabelKeys and mismatchLabelKeys"));
};

const addKeyErrors = (errors: FieldError[], keys: readonly string[], selector: LabelSelector | undefined, path: string): void => {
  if (keys.length === 0) return;
  if (!selector) errors.push(forbiddenField(path, "must not be specified when labelSelector is not set"));
  else for (const [at, key] of keys.entries()) addInvalid(errors, `${path}[${at}]`, key, isQualifiedName(key));
};

/** validateMatchLabelKeysInTopologySpread. */
export const addSpreadLabelKeyErrors = (
  errors: FieldError[],
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
): void => {
  if (keys.length === 0) return;
  if (!selector) errors.push(forbiddenField(path, "must not be specified when labelSelector is not set"));
  const selected = new Set([...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? []).map(({ key }) => key)]);
  for (const [at, key] of keys.entries()) {
    addInvalid(errors, `${path}[${at}]`, key, isQualifiedName(key));
    if (selected.has(key)) errors.push(invalidValue(`${path}[${at}]`, key, "exists in both matchLabelKeys and labelSelector"));
  }
};
