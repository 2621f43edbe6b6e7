import { isQualifiedName, isValidLabelValue } from "../validation/names.ts";

/** selection.Operator, as it is written in a selector. */
export type SelectorOperator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

/** One condition on one label. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>> | undefined;

/** Why a selector is refused, in upstream's words. */
export class SelectorError extends Error {}

const integer = (text: string | undefined): bigint | undefined => {
  if (text === undefined || !/^[-+]?[0-9]{1,20}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
};

const valueOf = (labels: Labels, key: string): string | undefined =>
  labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;

const holds = ({ key, operator, values }: Requirement, labels: Labels): boolean => {
  const value = valueOf(labels, key);
  switch (operator) {
    case "=":
    case "==":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
    case "lt": {
      const [actual, bound] = [integer(value), integer(values[0])];
      return actual !== undefined && bound !== undefined && (operator === "gt" ? actual > bound : actual < bound);
    }
  }
};

const inWords = ({ key, operator, values }: Requirement): string => {
  const list = [...values].sort().join(",");
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${list})`;
    case "gt":
      return `${key}>${list}`;
    case "lt":
      return `${key}<${list}`;
    default:
      return `${key}${operator}${list}`;
  }
};

/** Conditions that must all hold (labels.Selector). Immutable. */
export class Selector {
  readonly requirements: readonly Requirement[];
  readonly #matchesNothing: boolean;

  constructor(requirements: readonly Requirement[], matchesNothing = false) {
    this.requirements = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#matchesNothing = matchesNothing;
  }

  matches(labels: Labels): boolean {
    if (this.#matchesNothing) return false;
    for (const requirement of this.requirements) if (!holds(requirement, labels)) return false;
    return true;
  }

  /** Whether it lets everything through. */
  isEmpty(): boolean {
    return !this.#matchesNothing && this.requirements.length === 0;
  }

  toString(): string {
    return this.requirements.map(inWords).join(",");
  }
}

export const everything = new Selector([]);
export const nothing = new Selector([], true);

const quoted = (value: unknown): string => JSON.stringify(value);

const valuesProblem = (operator: SelectorOperator, values: readonly string[]): string | undefined => {
  switch (operator) {
    case "in":
    case "notin":
      return values.length === 0 ? "for 'in', 'notin' operators, values set can't be empty" : undefined;
    case "exists":
    case "!":
      return values.length > 0 ? "values set must be empty for exists and does not exist" : undefined;
    case "gt":
    case "lt":
      return values.length === 1 ? undefined : "for 'Gt', 'Lt' operators, exactly one value is required";
    default:
      return values.length === 1 ? undefined : "exact-match compatibility requires one single value";
  }
};

/** What is wrong with a label's key, as a field error without a path, or undefined. */
export const keyProblem = (key: string, field: string): string | undefined => {
  const sentences = isQualifiedName(key);
  return sentences.length === 0 ? undefined : `${field}: Invalid value: ${quoted(key)}: ${sentences.join("; ")}`;
};

/** A requirement that holds to upstream's rules (labels.NewRequirement). Throws SelectorError. */
export const requirement = (key: string, operator: SelectorOperator, values: readonly string[]): Requirement => {
  const problems: string[] = [];
  const badKey = keyProblem(key, "key");
  if (badKey !== undefined) problems.push(badKey);
  const badValues = valuesProblem(operator, values);
  if (badValues !== undefined) problems.push(`values: Invalid value: ${quoted(values)}: ${badValues}`);
  if (operator === "gt" || operator === "lt")
    for (const [at, value] of values.entries())
      if (integer(value) === undefined)
        problems.push(`values[${String(at)}]: Invalid value: ${quoted(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
  for (const [at, value] of values.entries()) {
    const sentences = isValidLabelValue(value);
    if (sentences.length > 0) problems.push(`values[${String(at)}][${key}]: Invalid value: ${quoted(value)}: ${sentences.join("; ")}`);
  }
  if (problems.length === 0) return { key, operator, values };
  const distinct = [...new Set(problems)];
  throw new SelectorError(distinct.length === 1 ? distinct[0] : `[${distinct.join(", ")}]`);
};

/** A selector that asks for exactly these labels, which are taken as valid (labels.SelectorFromSet). */
export const selectorFromSet = (labels: Labels): Selector =>
  new Selector(Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: "=", values: [value] })));
