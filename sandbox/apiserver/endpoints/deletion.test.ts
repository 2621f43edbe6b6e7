import { describe, expect, test } from "vitest";
import { Bench, pod } from "../bench.ts";

const kill = { verb: "delete", resource: "pods", name: "p" } as const;

describe("deleting", () => {
  test("what nothing holds is gone at once, and a Status says so", async () => {
    await using bench = await Bench.start();
    const { metadata } = await bench.create("configmaps", { metadata: { name: "a" } });
    const answer = await bench.object({ verb: "delete", resource: "configmaps", name: "a" });
    expect(answer).toMatchObject({ kind: "Status", status: "Success", details: { name: "a", kind: "configmaps", uid: metadata.uid } });
  });

  test("a finalizer holds an object until it is removed", async () => {
    await using bench = await Bench.start();
    await bench.create("configmaps", { metadata: { name: "a", finalizers: ["example.com/hold"] } });
    const held = await bench.object({ verb: "delete", resource: "configmaps", name: "a" });
    expect(held.metadata).toMatchObject({ deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 });
    const body = { metadata: { finalizers: null } };
    await bench.object({ verb: "patch", resource: "configmaps", name: "a", patch: { type: "merge", body } });
    expect((await bench.refusal({ verb: "get", resource: "configmaps", name: "a" })).reason).toBe("NotFound");
  });

  test.each([
    ["Orphan", ["orphan"]],
    ["Foreground", ["foregroundDeletion"]],
  ] as const)("propagation %s is written down as a finalizer", async (propagationPolicy, finalizers) => {
    await using bench = await Bench.start();
    await bench.create("configmaps", { metadata: { name: "a" } });
    const held = await bench.object({ verb: "delete", resource: "configmaps", name: "a", options: { propagationPolicy } });
    expect(held.metadata.finalizers).toEqual(finalizers);
  });

  test("a job leaves its pods behind unless told otherwise, with a warning", async () => {
    await using bench = await Bench.start();
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "x" }] } };
    await bench.create("jobs", { metadata: { name: "once" }, spec: { template } }, { group: "batch" });
    const result = await bench.perform({ verb: "delete", group: "batch", resource: "jobs", name: "once" });
    expect(result.warnings?.[0]).toMatch(/^child pods are preserved by default when jobs are deleted/);
    expect(result.kind === "object" && result.stored.object.metadata.finalizers).toEqual(["orphan"]);
  });

  test("preconditions guard against deleting another object of the same name", async () => {
    await using bench = await Bench.start();
    await bench.create("configmaps", { metadata: { name: "a" } });
    const refusal = await bench.refusal({
      verb: "delete",
      resource: "configmaps",
      name: "a",
      options: { preconditions: { uid: "other" } },
    });
    expect(refusal.message).toMatch(/the UID in the precondition \(other\) does not match the UID in record/);
  });

  test("a collection goes together, as far as it is selected", async () => {
    await using bench = await Bench.start();
    for (const name of ["a", "b"]) await bench.create("configmaps", { metadata: { name, labels: { part: name } } });
    await bench.perform({ verb: "deletecollection", resource: "configmaps", options: { labelSelector: "part=a" } });
    expect((await bench.list("configmaps")).names).toEqual(["b"]);
  });
});

describe("deleting pods", () => {
  test("a pod on a node is given its grace period, which may be shortened and not prolonged", async () => {
    await using bench = await Bench.start();
    await bench.create("pods", pod("p", { nodeName: "n", terminationGracePeriodSeconds: 20 }));
    const first = await bench.object(kill);
    expect(first.metadata).toMatchObject({ deletionTimestamp: "2026-01-01T00:00:20Z", deletionGracePeriodSeconds: 20 });
    const shorter = await bench.object({ ...kill, options: { gracePeriodSeconds: 5 } });
    expect(shorter.metadata).toMatchObject({ deletionTimestamp: "2026-01-01T00:00:05Z", deletionGracePeriodSeconds: 5 });
    const longer = await bench.object({ ...kill, options: { gracePeriodSeconds: 60 } });
    expect(longer.metadata.deletionGracePeriodSeconds).toBe(5);
  });

  test.each([
    ["that no node has taken", {}, undefined],
    ["without grace", { nodeName: "n" }, 0],
  ])("a pod %s is gone at once", async (_case, spec, gracePeriodSeconds) => {
    await using bench = await Bench.start();
    await bench.create("pods", pod("p", spec));
    await bench.object({ ...kill, ...(gracePeriodSeconds !== undefined && { options: { gracePeriodSeconds } }) });
    expect((await bench.refusal({ verb: "get", resource: "pods", name: "p" })).reason).toBe("NotFound");
  });
});

describe("evicting", () => {
  const eviction = {
    verb: "create",
    resource: "pods",
    name: "p",
    subresource: "eviction",
    object: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } },
  } as const;
  const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  const run = async (bench: Bench): Promise<void> => {
    await bench.create("pods", pod("p", { nodeName: "n" }, { labels: { app: "web" } }));
    await bench.object({
      verb: "patch",
      resource: "pods",
      name: "p",
      subresource: "status",
      patch: { type: "merge", body: { status: ready } },
    });
    const spec = { minAvailable: 1, selector: { matchLabels: { app: "web" } } };
    await bench.create("poddisruptionbudgets", { metadata: { name: "b" }, spec }, { group: "policy" });
  };
  const allow = (bench: Bench, disruptionsAllowed: number) =>
    bench.object({
      verb: "patch",
      group: "policy",
      resource: "poddisruptionbudgets",
      name: "b",
      subresource: "status",
      patch: {
        type: "merge",
        body: { status: { observedGeneration: 1, disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 } },
      },
    });

  test("a budget that nobody has looked at yet lets no pod go", async () => {
    await using bench = await Bench.start();
    await run(bench);
    const refusal = await bench.refusal(eviction);
    expect(refusal.status).toMatchObject({
      code: 429,
      details: { causes: [{ message: "The disruption budget b is still being processed by the server." }] },
    });
  });

  test("a spent budget says what it needs", async () => {
    await using bench = await Bench.start();
    await run(bench);
    await allow(bench, 0);
    const refusal = await bench.refusal(eviction);
    expect(refusal.status.details?.causes?.[0]?.message).toBe("The disruption budget b needs 1 healthy pods and has 1 currently");
  });

  test("an eviction takes one disruption from the budget, and says in the pod why it goes", async () => {
    await using bench = await Bench.start();
    await run(bench);
    await allow(bench, 1);
    await bench.perform(eviction);
    const budget = await bench.get("poddisruptionbudgets", "b", { group: "policy" });
    expect(budget.status).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { p: "2026-01-01T00:00:00Z" } });
    const evicted = await bench.get("pods", "p");
    expect(evicted.metadata.deletionTimestamp).toBeDefined();
    expect(evicted.status).toMatchObject({
      conditions: [{ type: "Ready" }, { type: "DisruptionTarget", reason: "EvictionByEvictionAPI" }].map(
        (each) => expect.objectContaining(each) as unknown,
      ),
    });
  });
});

describe("binding", () => {
  const binding = (node: string) =>
    ({
      verb: "create",
      resource: "pods",
      name: "p",
      subresource: "binding",
      object: { metadata: { name: "p" }, target: { kind: "Node", name: node } },
    }) as never;

  test("a pod is bound once", async () => {
    await using bench = await Bench.start();
    await bench.create("pods", pod("p"));
    await bench.perform(binding("n1"));
    expect((await bench.get("pods", "p")).spec).toMatchObject({ nodeName: "n1" });
    expect((await bench.refusal(binding("n2"))).message).toBe(
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
    );
  });
});
