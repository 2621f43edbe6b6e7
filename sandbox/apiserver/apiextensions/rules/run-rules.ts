import { BudgetError, CelError, fromJson, Optional, type Budget } from "../../../apimachinery/cel/index.ts";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import { duplicate, forbiddenField, invalidValue, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import type { CheckRules } from "../objects/custom-strategy.ts";
import { additionalOf, isMap, itemsOf, own, type JsonSchema, type ValidationRule } from "../schema/json-schema.ts";
import { compiledRules, type CompiledRule } from "./compiled-rules.ts";
import { selfType } from "./schema-type.ts";

/** What one evaluation, and all for one request together, may cost (PerCallLimit, RuntimeCELCostBudget). */
const mostForCall = 1_000_000;
const mostForRequest = 10_000_000;
const longestMessage = 5 * 1024;

interface Walk {
  readonly budget: Budget;
  readonly errors: FieldError[];
}

/** No further rule is run. */
class Exhausted extends Error {}

const named = ({ message = "", rule }: ValidationRule): string => (message === "" ? rule : message).trim();

const refusal = (path: string, shown: string, detail: string, reason: string | undefined): FieldError => {
  switch (reason) {
    case "FieldValueForbidden":
      return forbiddenField(path, detail);
    case "FieldValueRequired":
      return required(path, detail);
    case "FieldValueDuplicate":
      return duplicate(path, shown);
    default:
      return invalidValue(path, shown, detail);
  }
};

const evaluated = (compiled: CompiledRule, variables: Readonly<Record<string, unknown>>, walk: Walk): unknown => {
  const budget = { left: Math.min(mostForCall, walk.budget.left) };
  const before = budget.left;
  try {
    return compiled.program?.evaluate(variables, budget);
  } finally {
    walk.budget.left -= before - budget.left;
  }
};

const computedMessage = ({ message }: CompiledRule, variables: Readonly<Record<string, unknown>>, walk: Walk): string | undefined => {
  try {
    const text = message?.evaluate(variables, { left: Math.min(mostForCall, walk.budget.left) });
    return typeof text === "string" && text.trim() !== "" && !/[\n\r]/.test(text) && text.length <= longestMessage
      ? text.trim()
      : undefined;
  } catch (error) {
    if (error instanceof CelError || error instanceof BudgetError) return undefined;
    throw error;
  }
};

/** Where an old value can be told. */
type Old = { readonly value: unknown } | undefined;

const runRule = (compiled: CompiledRule, self: unknown, old: Old, schema: JsonSchema, isRoot: boolean, path: string, walk: Walk): void => {
  const { rule, usesOldSelf } = compiled;
  const where = path === "" ? "<nil>" : path;
  const shown = schema.type ?? "";
  if (!compiled.program) return;
  if (usesOldSelf && !old && !rule.optionalOldSelf) return;
  if (!usesOldSelf && old && deepEqual(old.value, self)) return;
  const type = selfType(schema, isRoot) ?? { kind: "dyn" };
  try {
    const before = old && fromJson(old.value, type);
    const variables = { self: fromJson(self, type), oldSelf: rule.optionalOldSelf ? (old ? new Optional(before) : Optional.none) : before };
    if (evaluated(compiled, variables, walk) === true) return;
    const detail = computedMessage(compiled, variables, walk) ?? (rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`);
    const field = (rule.fieldPath ?? "").replace(/^\./, "");
    walk.errors.push(refusal(field === "" ? where : path === "" ? field : `${path}.${field}`, shown, detail, rule.reason));
  } catch (error) {
    if (error instanceof BudgetError) {
      walk.errors.push(
        invalidValue(
          where,
          shown,
          `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${named(rule)}`,
        ),
      );
      throw new Exhausted();
    }
    if (!(error instanceof CelError)) throw error;
    const detail = error.message.startsWith("no such overload")
      ? `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${named(rule)}`
      : `${error.message} evaluating rule: ${named(rule)}`;
    walk.errors.push(invalidValue(where, shown, detail));
  }
};

const oldMember = (old: Old, key: string): Old => {
  const value = old && isMap(old.value) ? own(old.value, key) : undefined;
  return value === undefined ? undefined : { value };
};

const oldItem = (old: Old, schema: JsonSchema, item: unknown): Old => {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (!old || !Array.isArray(old.value) || schema["x-kubernetes-list-type"] !== "map" || !keys || !isMap(item)) return undefined;
  const value = old.value.find(
    (other: unknown) => isMap(other) && keys.every((key) => deepEqual(own(other, key), own(item, key))),
  ) as unknown;
  return value === undefined ? undefined : { value };
};

const visit = (value: unknown, old: Old, schema: JsonSchema, isRoot: boolean, path: string, walk: Walk): void => {
  if (value === null || value === undefined) return;
  for (const rule of compiledRules(schema, isRoot)) runRule(rule, value, old, schema, isRoot, path, walk);
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items)
      for (const [at, item] of value.entries()) visit(item, oldItem(old, schema, item), items, false, `${path}[${String(at)}]`, walk);
    return;
  }
  if (!isMap(value)) return;
  const additional = additionalOf(schema);
  for (const key of Object.keys(value)) {
    const property = own(schema.properties, key);
    if (isRoot && key === "metadata") continue;
    if (property) visit(value[key], oldMember(old, key), property, false, path === "" ? key : `${path}.${key}`, walk);
    else if (additional) visit(value[key], oldMember(old, key), additional, false, `${path}[${key}]`, walk);
  }
};

/** Runs the rules of a schema over an object and what it was before (cel.Validator). Values that did not change are not looked at again, but by transition rules. */
export const runRules: CheckRules = (object, previous, schema) => {
  const walk: Walk = { budget: { left: mostForRequest }, errors: [] };
  try {
    visit(object, previous && { value: previous }, schema, true, "", walk);
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error;
  }
  return walk.errors;
};
