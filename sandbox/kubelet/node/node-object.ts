import type { Node, NodeCondition } from "../../api/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import type { Image } from "../../cri/cri.ts";

/** A node as whoever starts a kubelet describes it. */
export interface NodeShape {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  }[];
  /** Quantities: `cpu`, `memory`, `pods`, `ephemeral-storage`, extended resources. */
  readonly capacity: Readonly<Record<string, string>>;
  /** Where it differs from the capacity. */
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  /** The kubelet's own port. */
  readonly port: number;
  /** `v1.32.0`. */
  readonly kubeletVersion: string;
  /** `drydock://1.0.0`, `containerd://1.6.20`. */
  readonly runtimeVersion: string;
  readonly osImage: string;
  readonly machineId: string;
}

const condition = (
  type: string,
  status: "True" | "False",
  reason: string,
  message: string,
  previous: Node | undefined,
  now: string,
): NodeCondition => {
  const known = previous?.status?.conditions?.find((each) => each.type === type);
  return {
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: known?.status === status ? known.lastTransitionTime : now,
    reason,
    message,
  };
};

/** The node's status as the kubelet reports it ("Node Status"). `previous` keeps transition times. */
export const nodeStatus = (
  shape: NodeShape,
  previous: Node | undefined,
  images: readonly Image[],
  nowMs: number,
): NonNullable<Node["status"]> => {
  const now = toTime(nowMs);
  return {
    ...previous?.status,
    addresses: [...shape.addresses.map((address) => ({ type: "InternalIP", address })), { type: "Hostname", address: shape.name }],
    capacity: shape.capacity,
    allocatable: { ...shape.capacity, ...shape.allocatable },
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", previous, now),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", previous, now),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", previous, now),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", previous, now),
      ...(previous?.status?.conditions ?? []).filter(
        ({ type }) => !["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].includes(type),
      ),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: shape.port } },
    nodeInfo: {
      machineID: shape.machineId,
      systemUUID: shape.machineId,
      bootID: shape.machineId,
      kernelVersion: "6.1.0-drydock",
      osImage: shape.osImage,
      containerRuntimeVersion: shape.runtimeVersion,
      kubeletVersion: shape.kubeletVersion,
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    },
    // The 50 largest, as upstream's nodeStatusMaxImages has it.
    images: [...images]
      .sort((a, b) => b.size - a.size)
      .slice(0, 50)
      .map(({ repoDigests, repoTags, size }) => ({ names: [...repoDigests, ...repoTags].slice(0, 5), sizeBytes: size })),
  };
};

/** The node as it registers itself. */
export const newNode = (shape: NodeShape, nowMs: number): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: shape.name,
    labels: {
      "beta.kubernetes.io/arch": "amd64",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": shape.name,
      "kubernetes.io/os": "linux",
      ...shape.labels,
    },
    annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true", ...shape.annotations },
  },
  spec: { ...(shape.taints && shape.taints.length > 0 && { taints: [...shape.taints] }) },
  status: nodeStatus(shape, undefined, [], nowMs),
});
