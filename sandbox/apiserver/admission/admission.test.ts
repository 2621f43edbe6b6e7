import { describe, expect, test } from "vitest";
import { Bench, pod } from "../bench.ts";

interface Spec {
  readonly containers: readonly {
    readonly volumeMounts?: readonly { readonly mountPath: string; readonly name: string }[];
    readonly resources?: unknown;
  }[];
  readonly volumes?: readonly { readonly name: string; readonly projected?: unknown }[];
}

describe("ServiceAccount", () => {
  test("a pod gets the default account and its token", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("pods", pod("p"));
    const spec = created.spec as Spec;
    expect(created.spec).toMatchObject({ serviceAccountName: "default", serviceAccount: "default" });
    expect(spec.volumes?.[0]?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(spec.containers[0]?.volumeMounts).toEqual([
      { name: spec.volumes![0]!.name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
    ]);
  });

  test("who wants no token gets none", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("pods", pod("p", { automountServiceAccountToken: false }));
    expect((created.spec as Spec).volumes).toBeUndefined();
  });

  test("an account that is not there is named in the refusal", async () => {
    await using bench = await Bench.start();
    const refusal = await bench.refusal({ verb: "create", resource: "pods", object: pod("p", { serviceAccountName: "bob" }) });
    expect(refusal.message).toBe('pods "p" is forbidden: error looking up service account shop/bob: serviceaccount "bob" not found');
  });

  test("a pod waits for the default account of a new namespace", async () => {
    await using bench = await Bench.start();
    await bench.create("namespaces", { metadata: { name: "new" } });
    const creation = bench.create("pods", pod("p"), { namespace: "new" });
    await bench.create("serviceaccounts", { metadata: { name: "default" } }, { namespace: "new" });
    await bench.clock.advance(200);
    expect((await creation).spec).toMatchObject({ serviceAccountName: "default" });
  });
});

describe("Priority", () => {
  test("a class becomes a number", async () => {
    await using bench = await Bench.start();
    await bench.create("priorityclasses", { metadata: { name: "high" }, value: 7 }, { group: "scheduling.k8s.io" });
    const created = await bench.create("pods", pod("p", { priorityClassName: "high" }));
    expect(created.spec).toMatchObject({ priority: 7, preemptionPolicy: "PreemptLowerPriority" });
  });

  test("a class that is not there is refused", async () => {
    await using bench = await Bench.start();
    const refusal = await bench.refusal({ verb: "create", resource: "pods", object: pod("p", { priorityClassName: "none" }) });
    expect(refusal.message).toBe('pods "p" is forbidden: no PriorityClass with name none was found');
  });
});

describe("LimitRanger", () => {
  const range = { metadata: { name: "l" }, spec: { limits: [{ type: "Container", max: { cpu: "1" }, defaultRequest: { cpu: "100m" } }] } };
  const asking = (resources: object) => pod("p", { containers: [{ name: "main", image: "x", resources }] });

  test("what a container leaves out is filled in, and noted", async () => {
    await using bench = await Bench.start();
    await bench.create("limitranges", range);
    const created = await bench.create("pods", asking({}));
    expect((created.spec as Spec).containers[0]?.resources).toEqual({ limits: { cpu: "1" }, requests: { cpu: "100m" } });
    expect(created.metadata.annotations?.["kubernetes.io/limit-ranger"]).toBe(
      "LimitRanger plugin set: cpu request for container main; cpu limit for container main",
    );
  });

  test("what is too much is refused", async () => {
    await using bench = await Bench.start();
    await bench.create("limitranges", range);
    const refusal = await bench.refusal({ verb: "create", resource: "pods", object: asking({ limits: { cpu: "2" } }) });
    expect(refusal.message).toBe('pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2');
  });
});

describe("ResourceQuota", () => {
  const quota = async (bench: Bench, hard: object, used: object): Promise<void> => {
    await bench.create("resourcequotas", { metadata: { name: "q" }, spec: { hard } });
    const patch = { type: "merge", body: { status: { hard, used } } } as const;
    await bench.object({ verb: "patch", resource: "resourcequotas", name: "q", subresource: "status", patch });
  };

  test("what is created counts until nothing is left", async () => {
    await using bench = await Bench.start();
    await quota(bench, { pods: "1" }, { pods: "0" });
    await bench.create("pods", pod("a"));
    expect((await bench.get("resourcequotas", "q")).status).toMatchObject({ used: { pods: "1" } });
    const refusal = await bench.refusal({ verb: "create", resource: "pods", object: pod("b") });
    expect(refusal.message).toBe('pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1');
  });

  test("those who come together share what is left", async () => {
    await using bench = await Bench.start();
    await quota(bench, { configmaps: "5" }, { configmaps: "0" });
    const all = await Promise.allSettled(
      Array.from({ length: 9 }, (_, at) => bench.create("configmaps", { metadata: { name: `m${String(at)}` } })),
    );
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    expect((await bench.get("resourcequotas", "q")).status).toMatchObject({ used: { configmaps: "5" } });
  });

  test("who is counted must say what they need", async () => {
    await using bench = await Bench.start();
    await quota(bench, { "requests.cpu": "1" }, { "requests.cpu": "0" });
    const refusal = await bench.refusal({ verb: "create", resource: "pods", object: pod("p") });
    expect(refusal.message).toBe('pods "p" is forbidden: failed quota: q: must specify requests.cpu for: main');
  });
});

describe("the smaller plugins", () => {
  test("a pod stays five minutes on a node that failed, unless it says otherwise", async () => {
    await using bench = await Bench.start();
    const created = await bench.create(
      "pods",
      pod("p", { tolerations: [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute", tolerationSeconds: 5 }] }),
    );
    expect(created.spec).toMatchObject({
      tolerations: [
        { key: "node.kubernetes.io/not-ready", tolerationSeconds: 5 },
        { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
    });
  });

  test("a claim is protected, and gets the newest default class", async () => {
    await using bench = await Bench.start();
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    const make = (name: string) =>
      bench.create("storageclasses", { metadata: { name, annotations }, provisioner: "example.com/p" }, { group: "storage.k8s.io" });
    await make("old");
    await bench.clock.advance(5_000);
    await make("young");
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    const claim = await bench.create("persistentvolumeclaims", { metadata: { name: "c" }, spec });
    expect(claim.spec).toMatchObject({ storageClassName: "young" });
    expect(claim.metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
  });

  test("a new node is kept free until it is known to be ready", async () => {
    await using bench = await Bench.start();
    const node = await bench.create("nodes", { metadata: { name: "ann" } });
    expect(node.spec).toMatchObject({ taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] });
  });

  test("a kubelet keeps to its own node", async () => {
    await using bench = await Bench.start();
    const user = { name: "system:node:ann", groups: ["system:nodes"] };
    const refusal = await bench.refusal({ verb: "create", resource: "nodes", object: { metadata: { name: "bob" } }, user });
    expect(refusal.message).toBe('nodes "bob" is forbidden: node "ann" is not allowed to modify node "bob"');
  });

  test("the namespaces of the system stay", async () => {
    await using bench = await Bench.start();
    await bench.create("namespaces", { metadata: { name: "kube-system" } });
    const refusal = await bench.refusal({ verb: "delete", resource: "namespaces", name: "kube-system" });
    expect(refusal.message).toBe('namespaces "kube-system" is forbidden: this namespace may not be deleted');
  });
});
