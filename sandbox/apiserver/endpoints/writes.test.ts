import { describe, expect, test } from "vitest";
import { Bench } from "../bench.ts";

const map = (name: string, data: object = { k: "v" }) => ({ metadata: { name }, data });

describe("creating", () => {
  test("an object gets a uid, a time and a version, and exists once", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("configmaps", map("a"));
    expect(created.metadata).toMatchObject({ name: "a", namespace: "shop", creationTimestamp: "2026-01-01T00:00:00Z" });
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    const refusal = await bench.refusal({ verb: "create", resource: "configmaps", object: map("a") });
    expect(refusal.status).toMatchObject({ code: 409, reason: "AlreadyExists", message: 'configmaps "a" already exists' });
  });

  test("a name is generated from its beginning", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("configmaps", { metadata: { generateName: "a-" } });
    expect(created.metadata.name).toMatch(/^a-[a-z0-9]{5}$/);
  });

  test("nothing is created in a namespace that is not there, or is going", async () => {
    await using bench = await Bench.start();
    const missing = await bench.refusal({ verb: "create", resource: "configmaps", namespace: "nowhere", object: map("a") });
    expect(missing.message).toBe('namespaces "nowhere" not found');
    await bench.object({ verb: "delete", resource: "namespaces", name: "shop" });
    const terminating = await bench.refusal({ verb: "create", resource: "configmaps", object: map("a") });
    expect(terminating.message).toBe(
      'configmaps "a" is forbidden: unable to create new content in namespace shop because it is being terminated',
    );
    expect(terminating.status.details?.causes).toEqual([
      { reason: "NamespaceTerminating", message: "namespace shop is being terminated", field: "metadata.namespace" },
    ]);
  });

  test("a dry run answers what would be, and leaves nothing", async () => {
    await using bench = await Bench.start();
    const answer = await bench.create("configmaps", map("a"), { options: { dryRun: true } });
    expect(answer.metadata.uid).toBeDefined();
    expect(answer.metadata.resourceVersion).toBeUndefined();
    expect((await bench.refusal({ verb: "get", resource: "configmaps", name: "a" })).reason).toBe("NotFound");
  });

  test("the namespace of the object is the one on the URL", async () => {
    await using bench = await Bench.start();
    const object = { metadata: { name: "a", namespace: "other" } } as never;
    const refusal = await bench.refusal({ verb: "create", resource: "configmaps", object });
    expect(refusal.message).toBe("the namespace of the provided object does not match the namespace sent on the request");
  });
});

describe("replacing", () => {
  test("a write that changes nothing keeps the version", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("configmaps", map("a"));
    const again = await bench.object({ verb: "update", resource: "configmaps", name: "a", object: created });
    expect(again.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  });

  test("who names a stale version is refused; who names none overwrites", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("configmaps", map("a"));
    await bench.object({ verb: "update", resource: "configmaps", name: "a", object: map("a", { k: "w" }) });
    const stale = { ...created, data: { k: "z" } };
    const refusal = await bench.refusal({ verb: "update", resource: "configmaps", name: "a", object: stale });
    expect(refusal.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  test("who names another uid means another object", async () => {
    await using bench = await Bench.start();
    await bench.create("configmaps", map("a"));
    const object = { metadata: { name: "a", uid: "00000000-0000-4000-8000-000000000000" } } as never;
    const refusal = await bench.refusal({ verb: "update", resource: "configmaps", name: "a", object });
    expect(refusal.message).toContain("Precondition failed: UID in precondition: 00000000-0000-4000-8000-000000000000");
  });

  test("the client's own object is not touched", async () => {
    await using bench = await Bench.start();
    const sent = Object.freeze({ metadata: Object.freeze({ name: "a" }), data: Object.freeze({ k: "v" }) });
    await bench.create("configmaps", sent);
    expect(sent).toEqual({ metadata: { name: "a" }, data: { k: "v" } });
  });
});

describe("patching", () => {
  test.each([
    ["merge", { data: { b: "2", k: null } }, { b: "2" }],
    ["strategic", { data: { b: "2" } }, { k: "v", b: "2" }],
    ["json", [{ op: "replace", path: "/data/k", value: "w" }], { k: "w" }],
  ] as const)("a %s patch changes what it names", async (type, body, data) => {
    await using bench = await Bench.start();
    await bench.create("configmaps", map("a"));
    const patched = await bench.object({ verb: "patch", resource: "configmaps", name: "a", patch: { type, body } });
    expect(patched.data).toEqual(data);
  });

  test("applying creates what is not there, and says who owns it", async () => {
    await using bench = await Bench.start();
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { k: "v" } };
    const result = await bench.perform({
      verb: "patch",
      resource: "configmaps",
      name: "a",
      patch: { type: "apply", body },
      options: { fieldManager: "ann" },
    });
    expect(result).toMatchObject({ kind: "object", code: 201 });
    const { metadata } = await bench.get("configmaps", "a");
    expect(metadata.managedFields).toMatchObject([{ manager: "ann", operation: "Apply", fieldsV1: { "f:data": { "f:k": {} } } }]);
  });

  test("a patch that makes something else of the object is refused with what it would be", async () => {
    await using bench = await Bench.start();
    await bench.create("configmaps", map("a"));
    const refusal = await bench.refusal({
      verb: "patch",
      resource: "configmaps",
      name: "a",
      patch: { type: "merge", body: { data: { k: 5 } } },
    });
    expect(refusal.code).toBe(422);
    expect(refusal.message).toContain('"data\\":{\\"k\\":5}');
    expect(refusal.message).toContain("json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
  });
});

describe("scaling", () => {
  test("the scale subresource changes the number of replicas alone", async () => {
    await using bench = await Bench.start();
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "x" }] } };
    const spec = { replicas: 2, selector: { matchLabels: { app: "web" } }, template };
    await bench.create("deployments", { metadata: { name: "web" }, spec }, { group: "apps" });
    const scale = await bench.object({
      verb: "patch",
      group: "apps",
      resource: "deployments",
      name: "web",
      subresource: "scale",
      patch: { type: "merge", body: { spec: { replicas: 5 } } },
    });
    expect(scale).toMatchObject({ kind: "Scale", spec: { replicas: 5 }, status: { replicas: 0, selector: "app=web" } });
    const deployment = await bench.get("deployments", "web", { group: "apps" });
    expect(deployment.spec).toMatchObject({ replicas: 5 });
    expect(deployment.metadata.generation).toBe(2);
  });
});
