import type { Container, Node, Pod, PodSpec } from "../../api/types.ts";
import { nodeSelectorOf } from "../framework/node-selector.ts";
import type { NodeInfo } from "../framework/node-info.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import { amountOf } from "../framework/resources.ts";
import { repellingTaint } from "../framework/taints.ts";

/** A change that is meant to make one plugin agree to one node. */
export interface Remedy {
  /** Continues "it would fit on ann …". */
  readonly words: string;
  /** How much it asks of people, to choose among remedies: the less, the better. */
  readonly cost: number;
  readonly pod?: (pod: Pod) => Pod;
  readonly node?: (node: Node) => Node;
}

const withSpec = (pod: Pod, change: (spec: PodSpec) => PodSpec): Pod => ({ ...pod, spec: change(pod.spec) });

const gibi = 1024 ** 3;
const mebi = 1024 ** 2;

const bytes = (amount: number): string => {
  if (amount % gibi === 0) return `${String(amount / gibi)}Gi`;
  return amount >= mebi ? `${String(Math.ceil(amount / mebi))}Mi` : String(amount);
};

/** An amount as a quantity of the resource, rounded up so that it is enough. */
const quantity = (resource: string, amount: number): string =>
  resource === "cpu"
    ? amount % 1000 === 0
      ? String(amount / 1000)
      : `${String(amount)}m`
    : resource === "memory" || resource === "ephemeral-storage"
      ? bytes(amount)
      : String(amount);

/** The node with so much more of each resource, and one more place for a pod where it has none left. */
const resources = (pod: PodInfo, node: NodeInfo): Remedy | undefined => {
  const names = ["cpu", "memory", "ephemeral-storage", ...pod.requests.scalar.keys()];
  const missing = names
    .map((name) => ({ name, amount: amountOf(pod.requests, name) - (amountOf(node.allocatable, name) - amountOf(node.requested, name)) }))
    .filter(({ name, amount }) => amount > 0 && amountOf(pod.requests, name) > 0);
  const full = node.pods.length + 1 > node.allowedPods;
  if (missing.length === 0 && !full) return undefined;
  const words = [
    ...missing.map(({ name, amount }) => `${quantity(name, amount)} more ${name}`),
    ...(full ? ["room for one more pod"] : []),
  ];
  const share = missing.reduce((sum, { name, amount }) => sum + amount / Math.max(1, amountOf(pod.requests, name)), 0);
  return {
    words: `with ${words.join(" and ")} there`,
    cost: 10 + share,
    node: (object) => {
      const allocatable: Record<string, string> = { ...object.status?.allocatable };
      for (const { name, amount } of missing) {
        const total = amountOf(node.allocatable, name) + amount;
        allocatable[name] = name === "cpu" ? `${String(total)}m` : String(total);
      }
      if (full) allocatable["pods"] = String(node.pods.length + 1);
      return { ...object, status: { ...object.status, allocatable } };
    },
  };
};

const toleration = (pod: PodInfo, node: NodeInfo): Remedy => {
  const missing = [];
  const tolerations = [...pod.tolerations];
  for (let taint = repellingTaint(node.taints, tolerations); taint; taint = repellingTaint(node.taints, tolerations)) {
    const added = { key: taint.key, operator: "Equal", value: taint.value ?? "", effect: taint.effect };
    tolerations.push(added);
    missing.push(`${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}`);
  }
  return {
    words: `if it tolerated ${missing.join(" and ")}`,
    cost: 2 * missing.length,
    pod: (object) => withSpec(object, (spec) => ({ ...spec, tolerations: [...tolerations] })),
  };
};

/** The labels that the pod's nodeSelector asks for; where its affinity asks for more, doing without. */
const affinity = ({ pod }: PodInfo, node: NodeInfo): Remedy => {
  const wanted = Object.entries(pod.spec?.nodeSelector ?? {}).filter(([key, value]) => node.labels[key] !== value);
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const labels = { ...node.labels, ...Object.fromEntries(wanted) };
  const matches = !required || nodeSelectorOf(required)({ name: node.name, labels });
  if (matches && wanted.length > 0)
    return {
      words: `if that had the label${wanted.length > 1 ? "s" : ""} ${wanted.map(([key, value]) => `${key}=${value}`).join(" and ")}`,
      cost: 3 * wanted.length,
      node: (object) => ({ ...object, metadata: { ...object.metadata, labels } }),
    };
  return {
    words: wanted.length > 0 ? "without its nodeSelector and required node affinity" : "without its required node affinity",
    cost: 8,
    pod: (object) =>
      withSpec(object, ({ nodeSelector, ...spec }) => ({
        ...spec,
        ...(wanted.length === 0 && nodeSelector && { nodeSelector }),
        affinity: {
          ...spec.affinity,
          nodeAffinity: { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: undefined },
        },
      })),
  };
};

const hostPorts = (): Remedy => ({
  words: "without its host ports",
  cost: 6,
  pod: (object) => {
    const without = (container: Container): Container => ({
      ...container,
      ports: container.ports?.map(({ hostPort: _port, ...port }) => port),
    });
    return withSpec(object, (spec) => ({ ...spec, containers: spec.containers.map(without) }));
  },
});

const spread = (): Remedy => ({
  words: "if its topology spread constraints were ScheduleAnyway",
  cost: 5,
  pod: (object) =>
    withSpec(object, (spec) => ({
      ...spec,
      topologySpreadConstraints: spec.topologySpreadConstraints?.map((constraint) => ({
        ...constraint,
        whenUnsatisfiable: "ScheduleAnyway",
        minDomains: undefined,
      })),
    })),
});

const podAffinity = (reasons: readonly string[]): Remedy | undefined => {
  // What other pods refuse is not this pod's to change.
  if (reasons.some((reason) => reason.includes("existing pods"))) return undefined;
  const kind = reasons.some((reason) => reason.includes("anti-affinity")) ? "podAntiAffinity" : "podAffinity";
  return {
    words: `without its required ${kind === "podAntiAffinity" ? "pod anti-affinity" : "pod affinity"}`,
    cost: 7,
    pod: (object) =>
      withSpec(object, (spec) => ({
        ...spec,
        affinity: { ...spec.affinity, [kind]: { ...spec.affinity?.[kind], requiredDuringSchedulingIgnoredDuringExecution: undefined } },
      })),
  };
};

/** What could make a plugin agree to a node that it rejected; undefined where nothing simple would. */
export const remedyFor = (plugin: string, reasons: readonly string[], pod: PodInfo, node: NodeInfo): Remedy | undefined => {
  switch (plugin) {
    case "NodeResourcesFit":
      return resources(pod, node);
    case "TaintToleration":
      return toleration(pod, node);
    case "NodeUnschedulable":
      return {
        words: "if that were not cordoned",
        cost: 1,
        node: (object) => ({ ...object, spec: { ...object.spec, unschedulable: false } }),
      };
    case "NodeAffinity":
      return reasons.some((reason) => reason.includes("scheduler-enforced")) ? undefined : affinity(pod, node);
    case "NodePorts":
      return hostPorts();
    case "PodTopologySpread":
      return spread();
    case "InterPodAffinity":
      return podAffinity(reasons);
    default:
      return undefined;
  }
};
