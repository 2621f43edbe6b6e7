import { describe, expect, test } from "vitest";
import type { Node, Pod, PodSpec } from "../../api/types.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { snapshotOf, type ClusterState } from "../cache/snapshot.ts";
import { schedulerOptions } from "../config/configuration.ts";
import type { KubeSchedulerConfiguration } from "../config/types.ts";
import { decide, type Decision } from "../framework/decide.ts";
import { PodInfo } from "../framework/pod-info.ts";
import { detailedScores } from "../framework/scoring.ts";
import { aNode, aPod } from "../testing/objects.ts";

type More = Omit<ClusterState, "nodes" | "pods"> & { readonly config?: KubeSchedulerConfiguration };

const decided = (pod: Pod, nodes: readonly Node[], pods: readonly Pod[] = [], { config, ...more }: More = {}): Decision => {
  const [profile] = [...schedulerOptions(config).profiles.values()];
  return decide(snapshotOf({ nodes, pods, ...more }), new PodInfo(pod), profile!, new SeededRandom(1));
};

/** The nodes that would do, or the first sentence of why none would. */
const outcome = (decision: Decision): string => {
  if (decision.outcome === "scheduled") return decision.feasible.map(({ name }) => name).join(" ");
  return decision.outcome === "unschedulable" ? decision.message.replace(/ preemption: .*/, "") : decision.outcome;
};

const scoresOf = (decision: Decision, plugin: string): readonly number[] | undefined => {
  if (decision.outcome !== "scheduled") return undefined;
  const { cycle, feasible } = decision;
  const { byPlugin } = detailedScores(cycle, feasible);
  const found = byPlugin.find((each) => each.plugin.name === plugin);
  return found && [...found.scores];
};

const zone = (name: string) => ({ "topology.kubernetes.io/zone": name });
const web = { app: "web" };
const profileWith = (
  pluginConfig: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[],
): KubeSchedulerConfiguration => ({
  profiles: [{ pluginConfig }],
});

describe("resources", () => {
  const sidecar = { name: "proxy", image: "p", restartPolicy: "Always", resources: { requests: { cpu: "1" } } };
  const init = { name: "init", image: "i", resources: { requests: { cpu: "2" } } };
  const spec = (more: Partial<PodSpec>): Pod => aPod("web", { cpu: "1", spec: more });

  test.each<[string, Pod, Node, string]>([
    ["what is left may be used up", aPod("web", { cpu: "4" }), aNode("ann"), "ann"],
    ["a thousandth too little is too little", aPod("web", { cpu: "4001m" }), aNode("ann"), "0/1 nodes are available: 1 Insufficient cpu."],
    [
      "everything that is short is named",
      aPod("web", { cpu: "5", memory: "9Gi" }),
      aNode("ann", { pods: "0" }),
      "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Too many pods.",
    ],
    [
      "a sidecar adds to the containers",
      spec({ initContainers: [sidecar] }),
      aNode("ann", { cpu: "1" }),
      "0/1 nodes are available: 1 Insufficient cpu.",
    ],
    ["an init container runs alone", spec({ initContainers: [init] }), aNode("ann", { cpu: "2" }), "ann"],
    [
      "but beside the sidecars before it",
      spec({ initContainers: [sidecar, init] }),
      aNode("ann", { cpu: "2" }),
      "0/1 nodes are available: 1 Insufficient cpu.",
    ],
    ["overhead comes on top", spec({ overhead: { cpu: "1" } }), aNode("ann", { cpu: "1" }), "0/1 nodes are available: 1 Insufficient cpu."],
    [
      "a pod may ask as a whole",
      spec({ resources: { requests: { cpu: "3" } } }),
      aNode("ann", { cpu: "2" }),
      "0/1 nodes are available: 1 Insufficient cpu.",
    ],
    [
      "extended resources count by name",
      spec({ containers: [{ name: "app", image: "a", resources: { requests: { "example.com/gpu": "2" } } }] }),
      aNode("ann", { allocatable: { "example.com/gpu": "1" } }),
      "0/1 nodes are available: 1 Insufficient example.com/gpu.",
    ],
  ])("%s", (_rule, pod, node, expected) => expect(outcome(decided(pod, [node]))).toBe(expected));

  test.each<[string, object, readonly number[]]>([
    ["LeastAllocated", { type: "LeastAllocated" }, [75, 50]],
    ["MostAllocated", { type: "MostAllocated" }, [25, 50]],
    [
      "RequestedToCapacityRatio",
      {
        type: "RequestedToCapacityRatio",
        requestedToCapacityRatio: {
          shape: [
            { utilization: 0, score: 10 },
            { utilization: 50, score: 0 },
          ],
        },
      },
      [50, 0],
    ],
  ])("%s scores what is left", (_strategy, scoringStrategy, expected) => {
    const nodes = [aNode("ann", { cpu: "4", memory: "4Gi" }), aNode("bob", { cpu: "2", memory: "2Gi" })];
    const decision = decided(aPod("web", { cpu: "1", memory: "1Gi" }), nodes, [], {
      config: profileWith([{ name: "NodeResourcesFit", args: { scoringStrategy } }]),
    });
    expect(scoresOf(decision, "NodeResourcesFit")).toEqual(expected);
  });

  test("resources that a profile ignores do not count", () => {
    const pod = aPod("web", { spec: { containers: [{ name: "a", image: "a", resources: { requests: { "example.com/gpu": "1" } } }] } });
    const config = profileWith([{ name: "NodeResourcesFit", args: { ignoredResourceGroups: ["example.com"] } }]);
    expect(outcome(decided(pod, [aNode("ann")], [], { config }))).toBe("ann");
  });
});

describe("nodes", () => {
  const gt = { key: "gen", operator: "Gt", values: ["3"] };
  const required = (terms: readonly object[]): Partial<PodSpec> => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  });
  const nodes = [aNode("ann", { labels: { disk: "fast", gen: "4" } }), aNode("bob", { labels: { disk: "slow", gen: "3" } }), aNode("cid")];
  const none = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";

  test.each<[string, Partial<PodSpec>, string]>([
    ["nodeSelector", { nodeSelector: { disk: "fast" } }, "ann"],
    ["In", required([{ matchExpressions: [{ key: "disk", operator: "In", values: ["fast", "slow"] }] }]), "ann bob"],
    [
      "NotIn, which a node without the label fulfils",
      required([{ matchExpressions: [{ key: "disk", operator: "NotIn", values: ["fast"] }] }]),
      "bob cid",
    ],
    ["Gt", required([{ matchExpressions: [gt] }]), "ann"],
    [
      "terms that stand beside each other",
      required([{ matchExpressions: [gt] }, { matchExpressions: [{ key: "disk", operator: "DoesNotExist" }] }]),
      "ann cid",
    ],
    ["an empty term, which matches nothing", required([{}]), none],
    ["a node's name", required([{ matchFields: [{ key: "metadata.name", operator: "In", values: ["cid"] }] }]), "cid"],
    [
      "a name that no node has",
      required([{ matchFields: [{ key: "metadata.name", operator: "In", values: ["zoe"] }] }]),
      "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    ],
    [
      "two names at once",
      required([{ matchFields: ["ann", "bob"].map((name) => ({ key: "metadata.name", operator: "In", values: [name] })) }]),
      "0/3 nodes are available: pod affinity terms conflict.",
    ],
  ])("are chosen by %s", (_by, spec, expected) => expect(outcome(decided(aPod("web", { spec }), nodes))).toBe(expected));

  test("that a profile enforces are the only ones", () => {
    const addedAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [gt] }] } };
    expect(outcome(decided(aPod("web"), nodes, [], { config: profileWith([{ name: "NodeAffinity", args: { addedAffinity } }]) }))).toBe(
      "ann",
    );
  });

  test.each<[string, object | undefined, string]>([
    ["refuse pods without a toleration", undefined, "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}."],
    ["accept an equal toleration", { key: "gpu", value: "yes", effect: "NoSchedule" }, "ann"],
    ["refuse one of another value", { key: "gpu", value: "no" }, "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}."],
    ["accept whoever tolerates everything", { operator: "Exists" }, "ann"],
  ])("with a taint %s", (_rule, toleration, expected) => {
    const node = aNode("ann", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] });
    expect(outcome(decided(aPod("web", { spec: toleration ? { tolerations: [toleration] } : {} }), [node]))).toBe(expected);
  });

  test("that merely discourage score less for each such taint", () => {
    const soft = (key: string) => ({ key, effect: "PreferNoSchedule" });
    const decision = decided(aPod("web"), [
      aNode("ann"),
      aNode("bob", { taints: [soft("a")] }),
      aNode("cid", { taints: [soft("a"), soft("b")] }),
    ]);
    expect(scoresOf(decision, "TaintToleration")).toEqual([100, 50, 0]);
  });

  test("with the image already there are preferred, less so when few have it", () => {
    const images = [{ names: ["registry.example/app:1"], sizeBytes: 1000 * 1024 * 1024 }];
    expect(scoresOf(decided(aPod("web"), [aNode("ann", { images }), aNode("bob")]), "ImageLocality")).toEqual([48, 0]);
  });

  test("whose host port is taken refuse another pod that wants it", () => {
    const withPort = (hostIP?: string): Partial<PodSpec> => ({
      containers: [{ name: "a", image: "a", ports: [{ containerPort: 80, hostPort: 80, ...(hostIP && { hostIP }) }] }],
    });
    const busy = aPod("old", { on: "ann", spec: withPort("10.0.0.1") });
    expect(outcome(decided(aPod("web", { spec: withPort() }), [aNode("ann")], [busy]))).toBe(
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    );
    expect(outcome(decided(aPod("web", { spec: withPort("10.0.0.2") }), [aNode("ann")], [busy]))).toBe("ann");
  });
});

describe("spreading", () => {
  const nodes = [aNode("ann", { labels: zone("east") }), aNode("bob", { labels: zone("west") }), aNode("cid")];
  const constraint = (more: object = {}): Partial<PodSpec> => ({
    topologySpreadConstraints: [
      {
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: web },
        ...more,
      },
    ],
  });
  const placed = [aPod("a", { on: "ann", labels: web }), aPod("b", { on: "ann", labels: web, namespace: "bank" })];

  test.each<[string, object, string]>([
    ["keeps domains within maxSkew", {}, "bob"],
    ["allows more where more is asked", { maxSkew: 2 }, "ann bob"],
    ["takes the least for nothing while there are too few domains", { maxSkew: 1, minDomains: 3 }, "bob"],
    ["counts what the selector chooses alone", { labelSelector: { matchLabels: { app: "db" } } }, "ann bob"],
    ["matches the pod's own values of matchLabelKeys", { labelSelector: {}, matchLabelKeys: ["version"] }, "ann bob"],
  ])("%s", (_rule, more, expected) => {
    expect(outcome(decided(aPod("web", { labels: { ...web, version: "2" }, spec: constraint(more) }), nodes, placed))).toBe(expected);
  });

  test("takes what every object has for no label", () => {
    const spec = constraint({ topologyKey: "constructor" });
    expect(outcome(decided(aPod("web", { labels: web, spec }), nodes))).toBe(
      "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label).",
    );
  });

  test("says which nodes have no domain at all", () => {
    const full = [...placed, aPod("c", { on: "bob", labels: web })];
    const decision = decided(aPod("web", { labels: web, spec: constraint({ minDomains: 3 }) }), nodes, full);
    expect(outcome(decision)).toBe(
      "0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label), 2 node(s) didn't match pod topology spread constraints.",
    );
  });

  test("is done by a Service's selector where a pod asks for nothing", () => {
    const services = [{ metadata: { name: "web", namespace: "shop" }, spec: { selector: web } }];
    const decision = decided(aPod("web", { labels: web }), nodes.slice(0, 2), placed, { objects: { services } });
    expect(scoresOf(decision, "PodTopologySpread")).toEqual([66, 100]);
    expect(scoresOf(decided(aPod("web", { labels: web }), nodes, placed), "PodTopologySpread")).toBeUndefined();
  });
});

describe("affinity between pods", () => {
  const nodes = [aNode("ann", { labels: zone("east") }), aNode("bob", { labels: zone("west") })];
  const namespaces = [{ metadata: { name: "shop", labels: { team: "a" } } }, { metadata: { name: "bank", labels: { team: "b" } } }];
  const term = (more: object = {}) => ({ topologyKey: "topology.kubernetes.io/zone", labelSelector: { matchLabels: web }, ...more });
  const needs = (kind: "podAffinity" | "podAntiAffinity", more?: object): Partial<PodSpec> => ({
    affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term(more)] } },
  });
  const there = aPod("there", { on: "ann", labels: web, namespace: "shop" });

  test.each<[string, Pod, readonly Pod[], string]>([
    ["brings a pod to where the other is", aPod("x", { spec: needs("podAffinity") }), [there], "ann"],
    ["keeps a pod away from where the other is", aPod("x", { spec: needs("podAntiAffinity") }), [there], "bob"],
    [
      "fails where there is no such pod",
      aPod("x", { spec: needs("podAffinity") }),
      [],
      "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.",
    ],
    ["lets the first of its own kind go anywhere", aPod("x", { labels: web, spec: needs("podAffinity") }), [], "ann bob"],
    ["is of the pod's own namespace", aPod("x", { namespace: "bank", spec: needs("podAntiAffinity") }), [there], "ann bob"],
    [
      "or of those that it names",
      aPod("x", { namespace: "bank", spec: needs("podAntiAffinity", { namespaces: ["shop"] }) }),
      [there],
      "bob",
    ],
    [
      "or of those that it selects",
      aPod("x", { namespace: "bank", spec: needs("podAntiAffinity", { namespaceSelector: { matchLabels: { team: "a" } } }) }),
      [there],
      "bob",
    ],
    ["holds for the other pod as well", aPod("x", { labels: web }), [aPod("loner", { on: "ann", spec: needs("podAntiAffinity") })], "bob"],
  ])("%s", (_rule, pod, pods, expected) => expect(outcome(decided(pod, nodes, pods, { namespaces }))).toBe(expected));

  test("that is preferred makes a score", () => {
    const spec = {
      affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, podAffinityTerm: term() }] } },
    } as Partial<PodSpec>;
    expect(scoresOf(decided(aPod("x", { spec }), nodes, [there], { namespaces }), "InterPodAffinity")).toEqual([100, 0]);
  });
});

describe("preemption", () => {
  const victims = (decision: Decision): string | undefined =>
    decision.outcome === "unschedulable" && decision.victims
      ? `${decision.victims.node.name}: ${decision.victims.pods.map(({ name }) => name).join(" ")}`
      : undefined;
  const old = (name: string, on: string, cpu: string, priority: number, more: object = {}): Pod =>
    aPod(name, { on, cpu, priority, status: { startTime: "2026-01-01T00:00:00Z", ...more } });
  const pod = aPod("web", { cpu: "2", priority: 100 });

  test.each<[string, readonly Pod[], string | undefined]>([
    ["spares whom it can", [old("a", "ann", "2", 1), old("b", "ann", "2", 2), old("c", "bob", "4", 100)], "ann: a"],
    ["takes the node whose worst loss is least", [old("a", "ann", "4", 50), old("b", "bob", "4", 40)], "bob: b"],
    [
      "takes fewer pods when priorities are alike",
      [old("a", "ann", "1", 0), old("b", "ann", "1", 0), old("d", "ann", "2", 100), old("c", "bob", "4", 0)],
      "bob: c",
    ],
    ["takes whoever started last", [old("a", "ann", "4", 0), old("b", "bob", "4", 0, { startTime: "2026-01-02T00:00:00Z" })], "bob: b"],
    ["touches no pod of the same priority", [old("a", "ann", "4", 100), old("b", "bob", "4", 100)], undefined],
  ])("%s", (_rule, pods, expected) => expect(victims(decided(pod, [aNode("ann"), aNode("bob")], pods))).toBe(expected));

  test("breaks as few disruption budgets as it can", () => {
    const guarded = { ...old("a", "ann", "4", 0), metadata: { ...old("a", "ann", "4", 0).metadata, labels: web } };
    const poddisruptionbudgets = [
      { metadata: { name: "web", namespace: "shop" }, spec: { selector: { matchLabels: web } }, status: { disruptionsAllowed: 0 } },
    ];
    expect(
      victims(decided(pod, [aNode("ann"), aNode("bob")], [guarded, old("b", "bob", "4", 50)], { objects: { poddisruptionbudgets } })),
    ).toBe("bob: b");
  });

  test("is not for pods that may not preempt", () => {
    const meek = aPod("web", { cpu: "2", priority: 100, spec: { preemptionPolicy: "Never" } });
    const decision = decided(meek, [aNode("ann")], [old("a", "ann", "4", 0)]);
    expect(decision.outcome === "unschedulable" && decision.message).toBe(
      "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.",
    );
  });
});

describe("volumes", () => {
  const claim = (name: string, more: object = {}, annotations: Readonly<Record<string, string>> = {}) => ({
    metadata: { name, namespace: "shop", uid: name, annotations },
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "local", resources: { requests: { storage: "2Gi" } }, ...more },
  });
  const volume = (name: string, on: string, size: string, more: object = {}) => ({
    metadata: { name },
    spec: {
      capacity: { storage: size },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local",
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [on] }] }] },
      },
      ...more,
    },
    status: { phase: "Available" },
  });
  const local = { metadata: { name: "local" }, provisioner: "kubernetes.io/no-provisioner", volumeBindingMode: "WaitForFirstConsumer" };
  const using = (...names: readonly string[]): Pod =>
    aPod("web", { spec: { volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })) } });
  const nodes = [aNode("ann"), aNode("bob")];
  const bound = claim("data", { volumeName: "v" }, { "pv.kubernetes.io/bind-completed": "yes" });

  test.each<[string, Pod, ClusterState["objects"], string]>([
    ["a claim must be there", using("none"), {}, `0/2 nodes are available: persistentvolumeclaim "none" not found.`],
    [
      "a bound volume binds its pod to where it is",
      using("data"),
      { persistentvolumeclaims: [bound], persistentvolumes: [volume("v", "bob", "2Gi")] },
      "bob",
    ],
    [
      "a claim that does not wait must be bound",
      using("data"),
      { persistentvolumeclaims: [claim("data", { storageClassName: "" })] },
      "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
    ],
    [
      "one that waits takes a volume that fits",
      using("data"),
      {
        storageclasses: [local],
        persistentvolumeclaims: [claim("data")],
        persistentvolumes: [volume("v", "ann", "1Gi"), volume("w", "bob", "3Gi")],
      },
      "bob",
    ],
    [
      "two claims need two volumes",
      using("data", "more"),
      { storageclasses: [local], persistentvolumeclaims: [claim("data"), claim("more")], persistentvolumes: [volume("v", "ann", "3Gi")] },
      "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.",
    ],
    [
      "a provisioner makes them where it may",
      using("data"),
      {
        storageclasses: [
          {
            ...local,
            provisioner: "example.com/p",
            allowedTopologies: [{ matchLabelExpressions: [{ key: "kubernetes.io/hostname", values: ["ann"] }] }],
          } as never,
        ],
        persistentvolumeclaims: [claim("data")],
      },
      "ann",
    ],
  ])("%s", (_rule, pod, objects, expected) => expect(outcome(decided(pod, nodes, [], { objects }))).toBe(expected));

  test("a claim for one pod alone is in nobody else's reach", () => {
    const exclusive = claim("data", { accessModes: ["ReadWriteOncePod"], volumeName: "v" }, { "pv.kubernetes.io/bind-completed": "yes" });
    const other = aPod("other", { on: "ann", spec: { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data" } }] } });
    const objects = { persistentvolumeclaims: [exclusive], persistentvolumes: [volume("v", "ann", "2Gi")] };
    expect(outcome(decided(using("data"), [aNode("ann")], [other], { objects }))).toBe(
      "0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
    );
  });
});
