import { describe, expect, test } from "vitest";
import { structuralErrors } from "./definition/structural.ts";
import { checkSchemaRules } from "./rules/check-rules.ts";
import { runRules } from "./rules/run-rules.ts";
import { withDefaults } from "./schema/defaults.ts";
import type { JsonSchema } from "./schema/json-schema.ts";
import { prune } from "./schema/prune.ts";
import { validateValue } from "./schema/validate-value.ts";

const schema: JsonSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1 },
        color: { type: "string", enum: ["red", "blue"], default: "red" },
        port: { "x-kubernetes-int-or-string": true },
        free: { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
  },
};

test("fields that the schema does not name are dropped, but for metadata and where they are to be preserved", () => {
  const object = { apiVersion: "v1", kind: "K", metadata: { name: "a" }, spec: { size: 1, odd: 2, free: { any: 3 } }, top: 4 };
  expect(prune(structuredClone(object), schema)).toEqual({
    apiVersion: "v1",
    kind: "K",
    metadata: { name: "a" },
    spec: { size: 1, free: { any: 3 } },
  });
});

test("defaults fill objects that are there, and make none", () => {
  expect(withDefaults({ spec: { size: 1 } }, schema)).toEqual({ spec: { size: 1, color: "red" } });
  expect(withDefaults({}, schema)).toEqual({});
});

describe("a value is held against its schema", () => {
  test.each<[object, string]>([
    [{ spec: {} }, "spec.size"],
    [{ spec: { size: 0 } }, "spec.size"],
    [{ spec: { size: "1" } }, "spec.size"],
    [{ spec: { size: 1, color: "green" } }, "spec.color"],
    [{ spec: { size: 1, port: true } }, "spec.port"],
  ])("%j is wrong at %s", (value, field) => {
    expect(validateValue(value, schema, "").map((error) => error.field)).toEqual([field]);
  });

  test("and may be right", () => {
    expect(validateValue({ spec: { size: 1, color: "blue", port: "http" } }, schema, "")).toEqual([]);
  });
});

test("every part of a structural schema has a type", () => {
  const errors = structuralErrors({ type: "object", properties: { a: { properties: { b: { type: "string" } } } } }, "schema");
  expect(errors).toEqual([expect.objectContaining({ field: "schema.properties[a].type", type: "FieldValueRequired" })]);
});

const ruled = (rule: string, more: Partial<JsonSchema> = {}): JsonSchema => ({
  "type": "object",
  "properties": { n: { type: "integer" }, items: { type: "array", items: { type: "string" }, ...more } },
  "x-kubernetes-validations": [{ rule, message: "no" }],
});

test("a rule over lists without a limit costs too much", () => {
  const rule = "self.items.all(a, self.items.all(b, a == b))";
  expect(checkSchemaRules(ruled(rule), "schema", undefined)[0]?.detail).toMatch(
    /^estimated rule cost exceeds budget by factor of more than 100x/,
  );
  const small = ruled(rule, { maxItems: 5, items: { type: "string", maxLength: 10 } });
  expect(checkSchemaRules(small, "schema", undefined)).toEqual([]);
});

test("a rule that names oldSelf is not run where there is no old value", () => {
  const transition = ruled("self.n >= oldSelf.n");
  const object = (n: number) => ({ apiVersion: "v1", kind: "K", metadata: {}, n });
  expect(runRules(object(1), undefined, transition)).toEqual([]);
  expect(runRules(object(1), object(2), transition)).toEqual([expect.objectContaining({ type: "FieldValueInvalid", detail: "no" })]);
  expect(runRules(object(3), object(2), transition)).toEqual([]);
});
