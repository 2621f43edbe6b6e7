import { beforeEach, expect, test } from "vitest";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { blockingDependents, FOREGROUND, ORPHAN, OwnerGraph } from "./graph.ts";

const type: ResourceType = { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true };
const object = (uid: string, owners: readonly string[] = [], more: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
  metadata: {
    uid,
    name: uid,
    namespace: "shop",
    ...more,
    ownerReferences: owners.map((owner) => ({ apiVersion: "v1", kind: "ConfigMap", name: owner, uid: owner, blockOwnerDeletion: true })),
  },
});

let toDelete: string[];
let toOrphan: string[];
let graph: OwnerGraph;

beforeEach(() => {
  toDelete = [];
  toOrphan = [];
  graph = new OwnerGraph({ toDelete: ({ uid }) => toDelete.push(uid), toOrphan: ({ uid }) => toOrphan.push(uid) }, () => type);
});

test("an owner that nobody has seen is looked for", () => {
  graph.observe(type, object("child", ["ghost"]));
  expect(toDelete).toEqual(["ghost"]);
  expect(graph.get("ghost")?.virtual).toBe(true);
  graph.observe(type, object("ghost"));
  expect(graph.get("ghost")?.virtual).toBe(false);
});

test("when an owner goes its dependents are judged", () => {
  graph.observe(type, object("owner"));
  graph.observe(type, object("child", ["owner"]));
  graph.forget("owner");
  expect(toDelete).toEqual(["child"]);
});

test("an owner deleted in the foreground waits for those that block it", () => {
  graph.observe(type, object("owner"));
  graph.observe(type, object("child", ["owner"]));
  graph.observe(type, object("owner", [], { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [FOREGROUND] }));
  expect(toDelete).toEqual(["child", "owner"]);
  expect(blockingDependents(graph.get("owner")!).map(({ uid }) => uid)).toEqual(["child"]);
  toDelete.length = 0;
  graph.forget("child");
  expect(toDelete).toEqual(["owner"]);
});

test("an owner that orphans lets its dependents go, once", () => {
  const dying = object("owner", [], { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [ORPHAN] });
  graph.observe(type, object("owner"));
  graph.observe(type, dying);
  graph.observe(type, dying);
  expect(toOrphan).toEqual(["owner"]);
});
