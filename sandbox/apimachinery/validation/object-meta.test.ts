import { expect, test } from "vitest";
import type { ObjectMeta } from "../meta/types.ts";
import { messageOf } from "./field-error.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "./object-meta.ts";

const good: ObjectMeta = { name: "web", namespace: "shop", uid: "u1", resourceVersion: "7" };
const words = (errors: ReturnType<typeof validateObjectMeta>) => errors.map((error) => `${error.field}: ${messageOf(error)}`);

test.each<[string, ObjectMeta, string[]]>([
  ["fine metadata", good, []],
  [
    "a missing name and namespace",
    {},
    ["metadata.name: Required value: name or generateName is required", "metadata.namespace: Required value"],
  ],
  ["a negative generation", { ...good, generation: -1 }, ["metadata.generation: Invalid value: -1: must be greater than or equal to 0"]],
  ["annotations differ from labels in that case is no matter", { ...good, annotations: { "Example.COM/Key": "" } }, []],
  [
    "an owner without a version",
    { ...good, ownerReferences: [{ apiVersion: "apps/", kind: "Deployment", name: "d", uid: "u" }] },
    [`metadata.ownerReferences.apiVersion: Invalid value: "apps/": version must not be empty`],
  ],
  [
    "a finalizer without a domain",
    { ...good, finalizers: ["mine"] },
    [`metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified`],
  ],
])("%s", (_, metadata, expected) => {
  expect(words(validateObjectMeta(metadata, true, undefined, { standardFinalizersOnly: true }))).toEqual(expected);
});

test("a change may not touch name and uid, and names its resource version", () => {
  expect(words(validateObjectMetaUpdate({ name: "x", namespace: "shop", uid: "u2" }, good))).toEqual([
    'metadata.resourceVersion: Invalid value: "": must be specified for an update',
    'metadata.name: Invalid value: "x": field is immutable',
    'metadata.uid: Invalid value: "u2": field is immutable',
  ]);
});

test("an object that is being deleted gets no new finalizers", () => {
  const dying = { ...good, deletionTimestamp: "2030-01-01T00:00:00Z" };
  expect(words(validateObjectMetaUpdate({ ...dying, finalizers: ["a/b"] }, dying))).toEqual([
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}',
  ]);
});
