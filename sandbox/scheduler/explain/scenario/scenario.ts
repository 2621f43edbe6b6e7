import type { Node, Pod, PriorityClass } from "../../../api/types.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { Random } from "../../../base/random/random.ts";
import { isFinished, snapshotOf, type ClusterState } from "../../cache/snapshot.ts";
import { PodInfo } from "../../framework/pod-info.ts";
import type { Profile } from "../../framework/profile.ts";
import { explain } from "../explanation.ts";
import { lookedUpAs, type SchedulingState } from "../state.ts";
import { changed } from "../what-if.ts";
import { isWorkload, podsOf } from "./planned-pods.ts";

/** How a cluster is thought to be different. */
export interface Scenario {
  /** Objects with their defaults filled in: workloads and pods to be placed, and what they refer to. */
  readonly manifests: readonly AnyObject[];
  /** Takes the place of every workload's own count. */
  readonly replicas?: number;
  readonly newNodes: readonly Node[];
  /** Nodes that are cordoned, and whose pods must go elsewhere. */
  readonly drain: readonly string[];
  /** A planned pod as the API server would have it: what containers may use at most is what they ask for where they ask for nothing. */
  readonly complete: (pod: Pod) => Pod;
}

/** Where one pod would go. */
export interface PlannedPlacement {
  /** `namespace/name`. */
  readonly pod: string;
  readonly origin: "planned" | "pending" | "evicted";
  readonly node?: string;
  /** Pods that would have to leave for it. */
  readonly preempts?: readonly string[];
  readonly sentence: string;
}

export interface ScenarioResult {
  readonly sentence: string;
  readonly placements: readonly PlannedPlacement[];
}

export interface ScenarioOptions {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly random: Random;
}

/** Pods beyond this are told of without the reasons for their place. */
const mostExplained = 100;

type Waiting = Pick<PlannedPlacement, "origin"> & { readonly pod: Pod };

/** Where every pod that has no node would go, were the cluster so: by priority, each counting for those after it. */
export const playScenario = (state: SchedulingState, scenario: Scenario, { profiles, random }: ScenarioOptions): ScenarioResult => {
  const drained = new Set(scenario.drain);
  const nodes = [
    ...state.nodes.map((node) => (drained.has(node.metadata.name ?? "") ? { ...node, spec: { ...node.spec, unschedulable: true } } : node)),
    ...scenario.newNodes,
  ];
  const waiting = waitingPods(state, scenario, nodes, drained);
  const mentioned = new Set(waiting.map(({ pod }) => keyOf(pod)));
  const placed = state.pods.filter((pod) => !mentioned.has(keyOf(pod)) && !(isEvictable(pod) && drained.has(pod.spec.nodeName ?? "")));
  const after = scenario.manifests.reduce<ClusterState>(
    (so, object) => {
      if (object.kind === "Node") return changed(so, { kind: "node", node: object as unknown as Node });
      const resource = lookedUpAs(object);
      return resource ? changed(so, { kind: "object", resource, object }) : so;
    },
    { ...state, nodes, pods: placed },
  );
  const cluster = snapshotOf(after);
  const placements = waiting.flatMap(({ pod, origin }, index): PlannedPlacement[] => {
    const profile = profiles.get(pod.spec.schedulerName ?? "default-scheduler");
    const key = keyOf(pod);
    if (!profile) return [{ pod: key, origin, sentence: `${key} is left to the scheduler ${JSON.stringify(pod.spec.schedulerName)}.` }];
    const { nodeName: _nodeName, ...spec } = pod.spec;
    const info = new PodInfo({ ...pod, spec });
    const { node, rows, summary, victims } = explain(cluster, info, profile, { random, brief: index >= mostExplained });
    if (node !== undefined) cluster.placePod(info, node);
    else if (isUnwantedDaemon(pod, rows)) return [];
    return [{ pod: key, origin, ...(node !== undefined && { node }), ...(victims.length > 0 && { preempts: victims }), sentence: summary }];
  });
  return { sentence: sentenceOf(placements), placements };
};

/** A DaemonSet makes no pod for a node that its pod does not select or tolerate: such a one waits nowhere. */
const isUnwantedDaemon = ({ metadata, spec }: Pod, rows: ReturnType<typeof explain>["rows"]): boolean => {
  if (metadata.ownerReferences?.[0]?.kind !== "DaemonSet") return false;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const name = terms?.[0]?.matchFields?.[0]?.values?.[0];
  const row = rows.find(({ node }) => node === name);
  return row?.filters.some(({ plugin, code }) => code !== undefined && ["NodeAffinity", "TaintToleration"].includes(plugin)) ?? false;
};

const keyOf = ({ metadata }: Pod): string => `${metadata.namespace ?? "default"}/${metadata.name ?? ""}`;

/** Drain leaves daemons and static pods where they are. */
const isEvictable = ({ metadata }: Pod): boolean =>
  metadata.ownerReferences?.every(({ kind }) => kind !== "DaemonSet" && kind !== "Node") ?? true;

const waitingPods = (
  state: SchedulingState,
  scenario: Scenario,
  nodes: readonly Node[],
  drained: ReadonlySet<string>,
): readonly Waiting[] => {
  const taken = new Set(state.pods.map(keyOf));
  const planned = scenario.manifests.flatMap((object): readonly Pod[] => {
    if (object.kind === "Pod")
      return [
        {
          ...object,
          metadata: { namespace: "default", uid: `planned ${object.metadata.name ?? ""}`, ...object.metadata },
        } as unknown as Pod,
      ];
    return isWorkload(object) ? podsOf(object, scenario.replicas, nodes, taken) : [];
  });
  const known = new Set(planned.map(keyOf));
  const living = state.pods.filter((pod) => !isFinished(pod) && pod.metadata.deletionTimestamp === undefined && !known.has(keyOf(pod)));
  const classes = [
    ...state.priorityClasses,
    ...(scenario.manifests.filter(({ kind }) => kind === "PriorityClass") as unknown as readonly PriorityClass[]),
  ];
  const waiting: readonly Waiting[] = [
    ...living
      .filter(({ spec }) => drained.has(spec.nodeName ?? ""))
      .filter(isEvictable)
      .map((pod) => ({ pod, origin: "evicted" as const })),
    ...living.filter(({ spec }) => !spec.nodeName).map((pod) => ({ pod, origin: "pending" as const })),
    ...planned.map((pod) => ({ pod: withPriority(scenario.complete(pod), classes), origin: "planned" as const })),
  ];
  return [...waiting].sort((a, b) => (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0));
};

/** As the Priority admission plugin fills it in. */
const withPriority = (pod: Pod, classes: readonly PriorityClass[]): Pod => {
  if (pod.spec.priority !== undefined) return pod;
  const { priorityClassName } = pod.spec;
  const found = classes.find(({ metadata, globalDefault }) =>
    priorityClassName === undefined ? globalDefault === true : metadata.name === priorityClassName,
  );
  const preemptionPolicy = found?.preemptionPolicy;
  return { ...pod, spec: { ...pod.spec, priority: found?.value ?? 0, ...(preemptionPolicy !== undefined && { preemptionPolicy }) } };
};

const sentenceOf = (placements: readonly PlannedPlacement[]): string => {
  const count = new Map<string, number>();
  for (const { node } of placements) if (node !== undefined) count.set(node, (count.get(node) ?? 0) + 1);
  const where = [...count].sort(([a], [b]) => (a < b ? -1 : 1)).map(([node, pods]) => `${String(pods)} on ${node}`);
  const left = placements.filter(({ node }) => node === undefined).length;
  if (placements.length === 0) return "No pod waits for a node.";
  const start = `${String(placements.length - left)} of ${String(placements.length)} pods would be placed`;
  return `${start}${where.length > 0 ? `: ${where.slice(0, 10).join(", ")}${where.length > 10 ? ", …" : ""}` : ""}${left > 0 ? `; ${String(left)} would stay pending` : ""}.`;
};
