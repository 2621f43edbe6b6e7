import type { Node, Pod } from "../../api/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import type { ContainerStats } from "../../cri/cri.ts";

/** What a container or node uses, as metrics.k8s.io writes it. */
export interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

export interface NodeMetrics {
  readonly kind: "NodeMetrics";
  readonly apiVersion: typeof metricsVersion;
  readonly metadata: object;
  readonly timestamp: string;
  readonly window: string;
  readonly usage: Usage;
}

export interface PodMetrics {
  readonly kind: "PodMetrics";
  readonly apiVersion: typeof metricsVersion;
  readonly metadata: object;
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

/** A container's name with its numbers. */
export interface ContainerUsage {
  readonly name: string;
  readonly stats: ContainerStats;
}

export const metricsVersion = "metrics.k8s.io/v1beta1";

/** Over how long rates are taken, as upstream's metrics-server with its usual resolution. */
const window = "15s";

/** What a node itself needs besides its pods: system daemons and the kubelet. */
const nodeBase = { nanoCores: 50_000_000, bytes: 256 * 1024 * 1024 };

/** Nanocores and bytes as quantities: CPU to the nanocore, memory in Ki. */
export const usageOf = (nanoCores: number, bytes: number): Usage => ({
  cpu: nanoCores === 0 ? "0" : `${String(Math.round(nanoCores))}n`,
  memory: bytes === 0 ? "0" : `${String(Math.floor(bytes / 1024))}Ki`,
});

/** The numbers of a pod's containers that run. */
export const podMetrics = ({ metadata }: Pod, containers: readonly ContainerUsage[], now: number): PodMetrics => ({
  kind: "PodMetrics",
  apiVersion: metricsVersion,
  metadata: {
    name: metadata.name,
    namespace: metadata.namespace,
    creationTimestamp: toTime(now),
    ...(metadata.labels && { labels: metadata.labels }),
  },
  timestamp: toTime(now),
  window,
  containers: containers.map(({ name, stats }) => ({ name, usage: usageOf(stats.cpu.usageNanoCores, stats.memory.workingSetBytes) })),
});

/** A node uses what its containers use, and a little itself. */
export const nodeMetrics = ({ metadata }: Node, containers: readonly ContainerUsage[], now: number): NodeMetrics => {
  const nanoCores = containers.reduce((sum, { stats }) => sum + stats.cpu.usageNanoCores, nodeBase.nanoCores);
  const bytes = containers.reduce((sum, { stats }) => sum + stats.memory.workingSetBytes, nodeBase.bytes);
  return {
    kind: "NodeMetrics",
    apiVersion: metricsVersion,
    metadata: { name: metadata.name, creationTimestamp: toTime(now), ...(metadata.labels && { labels: metadata.labels }) },
    timestamp: toTime(now),
    window,
    usage: usageOf(nanoCores, bytes),
  };
};
