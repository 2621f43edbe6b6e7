import { beforeAll, expect, test } from "vitest";
import { loadPack } from "../../api/pack/load-pack.ts";
import { ProtobufReader } from "../../apimachinery/protobuf/reader.ts";
import { servedBuiltIn } from "../discovery/served-resource.ts";
import type { CustomKind } from "./documents.ts";
import { openApiSource } from "./source.ts";

type Tree = Readonly<Record<string, never>>;

const pack = loadPack("1.32");
const builtIn = pack.resources.map(servedBuiltIn);

const boats: CustomKind = {
  listKind: "BoatList",
  resource: {
    group: "sea.example",
    version: "v1",
    resource: "boats",
    kind: "Boat",
    singular: "boat",
    shortNames: [],
    categories: [],
    namespaced: true,
    custom: true,
    verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    subresources: [{ name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "update"] }],
  },
  schema: {
    type: "object",
    properties: { spec: { type: "object", properties: { length: { type: "integer", nullable: true, default: 3 } } } },
  },
};

let kinds: readonly CustomKind[] = [];
const source = openApiSource({ pack, builtIn, custom: () => kinds });

const read = async (path: string): Promise<Tree> => JSON.parse(Buffer.from((await source.v3(path))!.json).toString()) as Tree;
const at = (tree: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], tree);

let apps: Tree;
beforeAll(async () => {
  apps = await read("apis/apps/v1");
});

const schemas = ["components", "schemas"];

test("a struct that is no pointer has an empty default, and stands in an allOf because OpenAPI 3 lets nothing stand beside a reference", () => {
  expect(at(apps, ...schemas, "io.k8s.api.apps.v1.DeploymentSpec", "properties", "strategy")).toMatchObject({
    "default": {},
    "allOf": [{ $ref: "#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy" }],
    "x-kubernetes-patch-strategy": "retainKeys",
  });
});

test("a list of keyed items says its keys for patches and for apply", () => {
  expect(at(apps, ...schemas, "io.k8s.api.core.v1.Container", "properties", "ports")).toMatchObject({
    "type": "array",
    "items": { default: {}, allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.ContainerPort" }] },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
    "x-kubernetes-patch-merge-key": "containerPort",
    "x-kubernetes-patch-strategy": "merge",
  });
});

test("values that a field may have are listed", () => {
  expect(at(apps, ...schemas, "io.k8s.api.core.v1.PodSpec", "properties", "restartPolicy")).toMatchObject({
    type: "string",
    enum: ["Always", "Never", "OnFailure"],
  });
});

test("a patch tells that the server checks fields, which is what kubectl looks for", () => {
  const patch = at(apps, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch") as {
    parameters: readonly { name: string }[];
  };
  expect(patch.parameters.map(({ name }) => name)).toContain("fieldValidation");
  expect(patch).toMatchObject({
    "x-kubernetes-group-version-kind": { group: "apps", version: "v1", kind: "Deployment" },
    "operationId": "patchAppsV1NamespacedDeployment",
  });
});

test("every reference leads to a schema of the same document", async () => {
  for (const { path } of await source.index()) {
    const text = Buffer.from((await source.v3(path))!.json).toString();
    const known = Object.keys((at(JSON.parse(text), ...schemas) as object | undefined) ?? {});
    const referred = new Set([...text.matchAll(/#\/components\/schemas\/([\w.-]+)/g)].map((match) => match[1]!));
    expect([...referred].filter((name) => !known.includes(name))).toEqual([]);
  }
});

test("version 2 has one document, without defaults, with everything beside its reference", async () => {
  const document = JSON.parse(Buffer.from((await source.v2()).json).toString()) as Tree;
  const strategy = at(document, "definitions", "io.k8s.api.apps.v1.DeploymentSpec", "properties", "strategy");
  expect(strategy).toMatchObject({
    "$ref": "#/definitions/io.k8s.api.apps.v1.DeploymentStrategy",
    "x-kubernetes-patch-strategy": "retainKeys",
  });
  expect(strategy).not.toHaveProperty("default");
});

test("version 2 in protobuf has every path and every definition", async () => {
  const { json, protobuf } = await source.v2();
  const document = JSON.parse(Buffer.from(json).toString()) as { paths: object; definitions: object };
  const counts = new Map<number, number>();
  for (const reader = new ProtobufReader(protobuf!); reader.next();) {
    if (reader.number !== 8 && reader.number !== 9) {
      reader.skip();
      continue;
    }
    const field = reader.number;
    for (const inner = reader.message(); inner.next();) {
      counts.set(field, (counts.get(field) ?? 0) + 1);
      inner.skip();
    }
  }
  expect([counts.get(8), counts.get(9)]).toEqual([Object.keys(document.paths).length, Object.keys(document.definitions).length]);
});

test("a custom kind gets paths and schemas, and other documents keep their hash", async () => {
  const before = await source.index();
  kinds = [boats];
  const after = await source.index();
  expect(after.map(({ path }) => path)).toEqual([...before.map(({ path }) => path), "apis/sea.example/v1"].toSorted());
  expect(after.find(({ path }) => path === "apis/apps/v1")).toEqual(before.find(({ path }) => path === "apis/apps/v1"));
  const document = await read("apis/sea.example/v1");
  expect(at(document, ...schemas, "example.sea.v1.Boat", "properties", "spec", "properties", "length")).toEqual({
    type: "integer",
    nullable: true,
    default: 3,
  });
  expect(at(document, ...schemas, "example.sea.v1.Boat", "properties")).toHaveProperty("metadata");
  expect(
    at(
      document,
      "paths",
      "/apis/sea.example/v1/namespaces/{namespace}/boats/{name}/scale",
      "put",
      "requestBody",
      "content",
      "*/*",
      "schema",
    ),
  ).toEqual({ $ref: "#/components/schemas/io.k8s.api.autoscaling.v1.Scale" });
  const old = JSON.parse(Buffer.from((await source.v2()).json).toString()) as Tree;
  expect(at(old, "definitions", "example.sea.v1.Boat", "properties", "spec", "properties", "length")).toEqual({});
  kinds = [];
});
