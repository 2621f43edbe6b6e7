import type { ListSchema, ScalarSchema, Schema } from "../schema/schema.ts";
import { fieldElement, showElement } from "./path-element.ts";
import { declaredMember, elementOfItem, isMap, shapeOf, TypedError, type JsonMap } from "./typed.ts";

interface Problem {
  readonly path: string;
  readonly problem: string;
}

/** A value in the manner of Go's `%v`. */
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(shown).join(" ")}]`;
  if (isMap(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${shown(value[key])}`)
      .join(" ")}]`;
  return value === null || value === undefined ? "<nil>" : typeof value === "string" ? value : JSON.stringify(value);
};

const goType = (value: unknown): string => {
  if (Array.isArray(value)) return "[]interface {}";
  return typeof value === "boolean" ? "bool" : typeof value === "object" ? "map[string]interface {}" : typeof value;
};

const scalarProblem = (schema: ScalarSchema, value: unknown): string | undefined => {
  switch (schema.type) {
    case "integer":
    case "number":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got &{${shown(value)}}`;
    case "int-or-string":
    case "quantity":
      return typeof value === "object" ? `expected any scalar, got &{${shown(value)}}` : undefined;
    default:
      return typeof value === "string" ? undefined : `expected string, got &value.valueUnstructured{Value:${shown(value)}}`;
  }
};

/** What does not fit; a map's first unknown field ends the walk of that map, as upstream's does. */
const problemsOf = (value: unknown, schema: Schema): Problem[] => {
  if (value === null || value === undefined) return [];
  if (schema.kind === "scalar") {
    const problem = scalarProblem(schema, value);
    return problem === undefined ? [] : [{ path: "", problem }];
  }
  switch (shapeOf(schema, value)) {
    case "map":
      return isMap(value) ? problemsOfMap(value, schema) : [{ path: "", problem: `expected map, got &{${shown(value)}}` }];
    case "list":
      if (!Array.isArray(value)) return [{ path: "", problem: `expected list, got &{${shown(value)}}` }];
      return schema.kind === "list" ? problemsOfList(value, schema) : [];
    case "scalar":
      return [];
  }
};

const below = (element: string, problems: readonly Problem[]): Problem[] =>
  problems.map(({ path, problem }) => ({ path: showElement(element) + path, problem }));

const problemsOfMap = (value: JsonMap, schema: Schema): Problem[] => {
  if (schema.kind === "list" || schema.kind === "scalar") return [];
  const problems: Problem[] = [];
  for (const key of Object.keys(value)) {
    const member = declaredMember(schema, key);
    if (member === undefined) return [...problems, { path: `.${key}`, problem: "field not declared in schema" }];
    const found = problemsOf(value[key], member);
    if (found.length > 0) problems.push(...below(fieldElement(key), found));
  }
  return problems;
};

const problemsOfList = (list: readonly unknown[], schema: ListSchema): Problem[] => {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [at, item] of list.entries()) {
    let element = `i:${String(at)}`;
    if (schema.listType !== "atomic") {
      try {
        element = elementOfItem(schema, item);
      } catch (error) {
        return [...problems, { path: "", problem: `element ${String(at)}: ${error instanceof Error ? error.message : String(error)}` }];
      }
      if (seen.has(element)) problems.push({ path: "", problem: `duplicate entries for key ${showElement(element)}` });
      seen.add(element);
    }
    const found = problemsOf(item, schema.items);
    if (found.length > 0) problems.push(...below(element, found));
  }
  return problems;
};

/** Checks an applied configuration against its schema: known fields, fitting types, no duplicate keys. Throws TypedError. */
export const validateTyped = (object: JsonMap, schema: Schema): void => {
  const problems = problemsOf(object, schema);
  if (problems.length > 0) throw new TypedError(problems);
};
