import { forbiddenField, invalidValue, required, type FieldError } from "../validation/field-error.ts";
import { isQualifiedName, isValidLabelValue } from "../validation/names.ts";
import { everything, nothing, requirement, Selector, SelectorError, type SelectorOperator } from "./selector.ts";

/** metav1.LabelSelector: a selector as it stands in an object. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  /** In, NotIn, Exists or DoesNotExist. */
  readonly operator: string;
  readonly values?: readonly string[];
}

const operators: ReadonlyMap<string, SelectorOperator> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

const known = new WeakMap<LabelSelector, Selector>();

/** The selector that an object's LabelSelector stands for: none matches nothing, an empty one everything. Throws SelectorError. */
export const selectorOf = (selector: LabelSelector | undefined | null): Selector => {
  if (!selector) return nothing;
  let made = known.get(selector);
  if (!made) {
    made = converted(selector);
    known.set(selector, made);
  }
  return made;
};

const converted = ({ matchLabels, matchExpressions }: LabelSelector): Selector => {
  const requirements = Object.entries(matchLabels ?? {}).map(([key, value]) => requirement(key, "=", [value]));
  for (const { key, operator, values } of matchExpressions ?? []) {
    const known = operators.get(operator);
    if (!known) throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`);
    requirements.push(requirement(key, known, values ?? []));
  }
  return requirements.length === 0 ? everything : new Selector(requirements);
};

/** As `kubectl` prints it: `app=web,tier in (a,b)`, `<none>` for an empty one (FormatLabelSelector). */
export const formatLabelSelector = (selector: LabelSelector | undefined | null): string => {
  try {
    return selectorOf(selector).toString() || "<none>";
  } catch {
    return "<error>";
  }
};

/** What is wrong with labels (ValidateLabels): keys and values both answer at the map's own path. */
export const validateLabels = (labels: Readonly<Record<string, string>> | undefined, path: string): FieldError[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...isQualifiedName(key).map((sentence) => invalidValue(path, key, sentence)),
    ...isValidLabelValue(value).map((sentence) => invalidValue(path, value, sentence)),
  ]);

export interface LabelSelectorRules {
  /** Objects stored before values were checked keep theirs. */
  readonly allowInvalidValues?: boolean;
  /** Access reviews judge unknown operators themselves. */
  readonly allowUnknownOperators?: boolean;
}

/** What is wrong with a LabelSelector (ValidateLabelSelector). */
export const validateLabelSelector = (
  selector: LabelSelector | undefined | null,
  path: string,
  rules: LabelSelectorRules = {},
): FieldError[] => [
  ...validateLabels(selector?.matchLabels, `${path}.matchLabels`),
  ...(selector?.matchExpressions ?? []).flatMap((expression, at) =>
    validateRequirement(expression, `${path}.matchExpressions[${String(at)}]`, rules),
  ),
];

const validateRequirement = (
  { key, operator, values = [] }: LabelSelectorRequirement,
  path: string,
  rules: LabelSelectorRules,
): FieldError[] => {
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (!rules.allowUnknownOperators) errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  errors.push(...isQualifiedName(key).map((sentence) => invalidValue(`${path}.key`, key, sentence)));
  if (rules.allowInvalidValues) return errors;
  return [
    ...errors,
    ...values.flatMap((value, at) =>
      isValidLabelValue(value).map((sentence) => invalidValue(`${path}.values[${String(at)}]`, value, sentence)),
    ),
  ];
};
