import { expect, test } from "vitest";
import type { ObjectSchema, Schema } from "../../apimachinery/schema/schema.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { decodeValue } from "../../apimachinery/decode/decode.ts";
import { exampleObject } from "../../apimachinery/schema/example-object.ts";
import { builtInResources } from "../resources.ts";
import { loadPack, packVersions } from "./load-pack.ts";

const pack = loadPack("1.32");

const at = (schema: ObjectSchema | undefined, ...path: readonly string[]): Schema =>
  path.reduce<Schema>(
    (from, name) => (name === "[]" ? (from as { items: Schema }).items : (from as ObjectSchema).fields.get(name)!),
    schema!,
  );

test("a field knows its Go type, whether it is a pointer, whether zero is printed, and its protobuf number", () => {
  const pod = pack.schemaOf("v1", "Pod");
  expect(at(pod, "spec", "restartPolicy").go).toEqual({ type: "v1.RestartPolicy", pointer: false, omitEmpty: true, number: 3 });
  expect(at(pod, "spec", "priority").go).toEqual({ type: "int32", pointer: true, omitEmpty: true, number: 25 });
  expect(at(pod, "spec", "containers", "[]", "name").go).toEqual({ type: "string", pointer: false, omitEmpty: false, number: 1 });
});

test("lists know how they are merged: by apply and by strategic merge patch, which are not always the same", () => {
  const spec = at(pack.schemaOf("v1", "Service"), "spec", "ports");
  expect(spec).toMatchObject({ listType: "map", mapKeys: ["port", "protocol"], patchStrategy: "merge", patchMergeKey: "port" });
});

test("a resource knows its names, verbs, subresources and what they take", () => {
  const pods = pack.resource("", "v1", "pods")!;
  expect(pods).toMatchObject({
    kind: "Pod",
    singular: "pod",
    shortNames: ["po"],
    categories: ["all"],
    namespaced: true,
    storageVersionHash: "xPOwRZ+Yhw8=",
  });
  expect(pods.subresources.find(({ name }) => name === "eviction")).toEqual({
    name: "eviction",
    kind: "Eviction",
    kindGroup: "policy",
    kindVersion: "v1",
    verbs: ["create"],
  });
  expect(pods.fieldSelectors).toContain("spec.nodeName");
});

test("a release serves what became generally available by then", () => {
  const served = (version: (typeof packVersions)[number]) =>
    loadPack(version).resource("resource.k8s.io", "v1", "resourceclaims") !== undefined;
  expect([served("1.32"), served("1.36")]).toEqual([false, true]);
  expect(pack.resource("", "v1", "pods")?.subresources.some(({ name }) => name === "resize")).toBe(false);
});

test("a template's time of creation is printed as null up to 1.33", () => {
  const template = (version: (typeof packVersions)[number]) =>
    decodeValue(loadPack(version).schemaOf("v1", "PodTemplate")!, { value: {} }, true).object["template"];
  expect(template("1.32")).toEqual({ metadata: { creationTimestamp: null }, spec: { containers: null } });
  expect(template("1.36")).toEqual({ metadata: {}, spec: { containers: null } });
});

test("kinds that are not served may still be registered", () => {
  expect([
    pack.isRegistered("apps/v1beta1", "Deployment"),
    pack.isRegistered("apps/v1", "Boat"),
    pack.isRegistered("batch/v1", "DeleteOptions"),
  ]).toEqual([true, false, true]);
  expect(pack.schemaOf("apps/v1beta1", "Deployment")).toBeUndefined();
  expect(pack.schemaOf("constructor", "toString")).toBeUndefined();
});

test("every resource value names a resource of some release", () => {
  for (const { group, version, resource, kind } of builtInResources)
    expect(packVersions.map((each) => loadPack(each).resource(group, version, resource)?.kind)).toContain(kind);
});

test.each(packVersions)("decoding what was decoded changes nothing, whatever the kind (%s)", (version) => {
  const release = loadPack(version);
  const random = new SeededRandom(5);
  for (const { schemaName } of release.kinds) {
    const schema = release.schemaNamed(schemaName)!;
    const once = decodeValue(schema, { value: exampleObject(schema, random) }, true);
    expect(once).toMatchObject({ strict: [] });
    expect(decodeValue(schema, { value: once.object }, true).object).toEqual(once.object);
  }
});

test("fields are described, and structs too", async () => {
  const texts = await pack.descriptions();
  expect(texts.of("io.k8s.api.core.v1.Pod")).toMatch(/^Pod is a collection of containers/);
  expect(texts.of("io.k8s.api.core.v1.Pod", "spec")).toMatch(/^Specification of the desired behavior/);
  expect(texts.of("io.k8s.api.core.v1.Pod", "nothing")).toBe("");
});
