import { expect, test } from "vitest";
import { loadPack } from "../../api/pack/load-pack.ts";
import { applyJsonPatch, applyMergePatch, patchStrategically } from "./index.ts";

test.each([
  [{ a: 1 }, [{ op: "add", path: "/b", value: 2 }], { a: 1, b: 2 }],
  [{ a: [1, 2] }, [{ op: "add", path: "/a/-", value: 3 }], { a: [1, 2, 3] }],
  [{ a: [1, 2] }, [{ op: "remove", path: "/a/-1" }], { a: [1] }],
  [{ "a/b": 1 }, [{ op: "replace", path: "/a~1b", value: 2 }], { "a/b": 2 }],
  [{ a: 1 }, [{ op: "move", from: "/a", path: "/b" }], { b: 1 }],
])("a JSON patch of %j by %j gives %j", (object, patch, result) => {
  expect(applyJsonPatch(object, patch)).toEqual(result);
});

test("a JSON patch that cannot be applied is refused without saying why", () => {
  expect(() => applyJsonPatch({}, [{ op: "remove", path: "/a/b" }])).toThrow(
    "the server rejected our request due to an error in our request",
  );
});

test("a merge patch removes what it sets to null, at any depth", () => {
  expect(applyMergePatch({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: null }, d: null, e: { f: null } })).toEqual({ a: { c: 2 }, e: {} });
});

const pack = loadPack("1.32");
const schema = pack.kinds.find(({ kind }) => kind === "Pod")!;
const patched = (object: object, body: object) =>
  patchStrategically({
    object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, ...object },
    body,
    schema: pack.schemaNamed(schema.schemaName) as never,
    fieldValidation: "Ignore",
  }).object as { readonly spec?: { readonly containers?: readonly unknown[] }; readonly metadata: Readonly<Record<string, unknown>> };

test("a strategic merge patch merges lists by their keys", () => {
  const { spec } = patched({ spec: { containers: [{ name: "a", image: "1" }] } }, { spec: { containers: [{ name: "a", tty: true }] } });
  expect(spec?.containers).toEqual([expect.objectContaining({ name: "a", image: "1", tty: true })]);
});

test("$patch: delete removes one item of a keyed list", () => {
  const containers = [{ name: "a" }, { name: "b" }];
  const { spec } = patched({ spec: { containers } }, { spec: { containers: [{ name: "a", $patch: "delete" }] } });
  expect(spec?.containers).toEqual([expect.objectContaining({ name: "b" })]);
});

test("$deleteFromPrimitiveList removes values from a set", () => {
  const { metadata } = patched(
    { metadata: { name: "p", finalizers: ["a/x", "b/x"] } },
    { metadata: { "$deleteFromPrimitiveList/finalizers": ["a/x"] } },
  );
  expect(metadata["finalizers"]).toEqual(["b/x"]);
});
