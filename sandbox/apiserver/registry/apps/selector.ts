import type { LabelSelector, PodTemplateSpec } from "../../../api/types.ts";
import { selectorOf, validateLabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import { SelectorError, type Selector } from "../../../apimachinery/labels/selector.ts";
import { goStringMap, invalidValue, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";

/** The selector that a LabelSelector stands for, or undefined where it cannot be read. */
export const readableSelector = (selector: LabelSelector | undefined): Selector | undefined => {
  try {
    return selectorOf(selector);
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
};

export const isEmptySelector = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions ?? []).length === 0;

/**
 * A workload's selector by itself. Answers the selector for looking at the template with, or undefined where it cannot be read;
 * then `unreadable` is what is said of it.
 */
export const addSelectorErrors = (
  errors: FieldError[],
  selector: LabelSelector | undefined,
  { emptyIsInvalidFor, unreadable }: { readonly emptyIsInvalidFor: string; readonly unreadable: string },
): Selector | undefined => {
  if (!selector) errors.push(required("spec.selector"));
  else {
    errors.push(...validateLabelSelector(selector, "spec.selector"));
    if (isEmptySelector(selector))
      errors.push(invalidValue("spec.selector", selector, `empty selector is invalid for ${emptyIsInvalidFor}`));
  }
  const readable = readableSelector(selector);
  if (!readable) errors.push(invalidValue("spec.selector", selector, unreadable));
  return readable;
};

/** A workload must select the pods it makes. */
export const addMismatchErrors = (errors: FieldError[], selector: Selector, template: PodTemplateSpec | undefined): void => {
  const labels = template?.metadata?.labels;
  if (!selector.matches(labels ?? {}))
    errors.push(invalidValue("spec.template.metadata.labels", goStringMap(labels), "`selector` does not match template `labels`"));
};
