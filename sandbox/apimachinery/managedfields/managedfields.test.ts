import { expect, test } from "vitest";
import { loadPack } from "../../api/pack/load-pack.ts";
import type { AnyObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { apply, trackUpdate } from "./index.ts";

const pack = loadPack("1.32");
const schemaOf = (kind: string, version = "v1"): ObjectSchema =>
  pack.schemaNamed(pack.kinds.find((each) => each.kind === kind && each.version === version)!.schemaName) as ObjectSchema;

const schema = schemaOf("ConfigMap");
const at = (second: number): string => `2026-01-01T00:00:0${String(second)}Z`;
const configMap = (data: Readonly<Record<string, string>>, more: object = {}): AnyObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "x", namespace: "d", ...more },
  data,
});
const updated = (next: AnyObject, previous: AnyObject | undefined, manager: string, second: number): AnyObject =>
  trackUpdate({ next, previous, manager, time: at(second), version: "v1", schema });
const applied = (object: AnyObject, previous: AnyObject | undefined, manager: string, force = false): AnyObject =>
  apply({ applied: object, previous, manager, time: at(9), version: "v1", schema, force }, "ConfigMap");

const ownersOf = (object: AnyObject): string[] =>
  (object.metadata.managedFields ?? []).map(
    ({ manager = "", operation = "", fieldsV1 }) => `${manager} ${operation} ${JSON.stringify(fieldsV1)}`,
  );

test("who creates an object owns its fields", () => {
  expect(ownersOf(updated(configMap({ a: "1" }), undefined, "one", 1))).toEqual(['one Update {"f:data":{".":{},"f:a":{}}}']);
});

test("who changes a field takes it over, who sends it unchanged does not", () => {
  const first = updated(configMap({ a: "1", b: "1" }), undefined, "one", 1);
  const { managedFields } = first.metadata;
  const second = updated(configMap({ a: "1", b: "2" }, { managedFields }), first, "two", 2);
  expect(ownersOf(second)).toEqual(['one Update {"f:data":{".":{},"f:a":{}}}', 'two Update {"f:data":{"f:b":{}}}']);
});

test("an update that changes nothing leaves times as they are", () => {
  const first = updated(configMap({ a: "1" }), undefined, "one", 1);
  const again = updated(configMap({ a: "1" }, { managedFields: first.metadata.managedFields }), first, "one", 2);
  expect(again.metadata.managedFields?.[0]?.time).toBe(at(1));
});

test("applying another value than that of another owner is a conflict", () => {
  const first = updated(configMap({ a: "1" }), undefined, "one", 1);
  expect(() => applied(configMap({ a: "2" }), first, "two")).toThrow('Apply failed with 1 conflict: conflict with "one" using v1: .data.a');
});

test("a forced apply takes fields over", () => {
  const first = updated(configMap({ a: "1" }), undefined, "one", 1);
  const forced = applied(configMap({ a: "2" }), first, "two", true);
  expect(forced["data"]).toEqual({ a: "2" });
  expect(ownersOf(forced)).toEqual(['two Apply {"f:data":{"f:a":{}}}', 'one Update {"f:data":{}}']);
});

test("applying the same value shares it", () => {
  const first = applied(configMap({ a: "1" }), undefined, "one");
  expect(ownersOf(applied(configMap({ a: "1" }), first, "two"))).toHaveLength(2);
});

test("a field that its only applier leaves out goes away", () => {
  const first = applied(configMap({ a: "1", b: "1" }), undefined, "one");
  expect(applied(configMap({ a: "1" }), first, "one")["data"]).toEqual({ a: "1" });
});
