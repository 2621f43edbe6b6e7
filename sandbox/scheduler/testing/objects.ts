import type { Node, Pod, PodSpec } from "../../api/types.ts";

export interface NodeOptions {
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NonNullable<Node["spec"]>["taints"];
  readonly unschedulable?: boolean;
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly images?: NonNullable<Node["status"]>["images"];
}

/** A ready node of 4 cores and 8 GiB, unless said otherwise. */
export const aNode = (
  name: string,
  { cpu = "4", memory = "8Gi", pods = "110", labels, taints, unschedulable, allocatable, images }: NodeOptions = {},
): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
  spec: { ...(taints && { taints }), ...(unschedulable && { unschedulable }) },
  status: { allocatable: { cpu, memory, pods, ...allocatable }, ...(images && { images }) },
});

export interface PodOptions {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly cpu?: string;
  readonly memory?: string;
  readonly priority?: number;
  readonly on?: string;
  readonly image?: string;
  readonly spec?: Partial<PodSpec>;
  readonly status?: Pod["status"];
}

/** A pod of one container, in the namespace `shop` unless said otherwise; `on` puts it on a node. */
export const aPod = (
  name: string,
  { namespace = "shop", labels, cpu, memory, priority, on, image = "registry.example/app:1", spec, status }: PodOptions = {},
): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, uid: `uid-of-${namespace}/${name}`, ...(labels && { labels }) },
  spec: {
    containers: [{ name: "app", image, resources: { requests: { ...(cpu && { cpu }), ...(memory && { memory }) } } }],
    schedulerName: "default-scheduler",
    ...(priority !== undefined && { priority }),
    ...(on && { nodeName: on }),
    ...spec,
  },
  status: { phase: "Pending", ...status },
});
