import type { Node, Pod, PodSpec, PodTemplateSpec } from "../../../api/types.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";

interface WorkloadSpec {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly completions?: number;
  readonly template?: PodTemplateSpec;
  readonly jobTemplate?: { readonly spec?: WorkloadSpec };
}

/** Kinds that make pods of a template. */
const workloads = new Set(["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "Job", "CronJob", "DaemonSet"]);

export const isWorkload = ({ kind = "" }: AnyObject): boolean => workloads.has(kind);

/** The pods that a workload would make, under names that nobody has; `replicas` takes the place of its own count. */
export const podsOf = (
  workload: AnyObject,
  replicas: number | undefined,
  nodes: readonly Node[],
  taken: ReadonlySet<string>,
): readonly Pod[] => {
  const own = workload["spec"] as WorkloadSpec | undefined;
  const spec = own?.jobTemplate?.spec ?? own ?? {};
  const { template } = spec;
  if (!template) return [];
  const { name = "", namespace = "default" } = workload.metadata;
  const planned = (podName: string, podSpec: PodSpec): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: podName,
      namespace,
      uid: `planned ${namespace}/${podName}`,
      ...(template.metadata?.labels && { labels: template.metadata.labels }),
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [
        { apiVersion: workload.apiVersion ?? "", kind: workload.kind ?? "", name, uid: `planned ${name}`, controller: true },
      ],
    },
    spec: podSpec,
  });
  if (workload.kind === "DaemonSet")
    return nodes.map(({ metadata }) => planned(`${name}-${metadata.name ?? ""}`, forNode(template.spec, metadata.name ?? "")));
  const count = replicas ?? spec.replicas ?? Math.min(spec.parallelism ?? 1, spec.completions ?? Infinity);
  const first = workload.kind === "StatefulSet" ? 0 : 1;
  const made: Pod[] = [];
  for (let ordinal = first; made.length < count; ordinal++) {
    const podName = `${name}-${String(ordinal)}`;
    if (!taken.has(`${namespace}/${podName}`)) made.push(planned(podName, template.spec));
  }
  return made;
};

/** A daemon's pod is bound to one node by name, and stays through the node's troubles. */
const forNode = (spec: PodSpec, name: string): PodSpec => {
  const trouble = (key: string, effect: string) => ({
    key: `node.kubernetes.io/${key}`,
    operator: "Exists" as const,
    effect: effect as "NoSchedule",
  });
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [name] }];
  return {
    ...spec,
    affinity: {
      ...spec.affinity,
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } },
    },
    tolerations: [
      ...(spec.tolerations ?? []),
      trouble("not-ready", "NoExecute"),
      trouble("unreachable", "NoExecute"),
      ...["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map((key) => trouble(key, "NoSchedule")),
    ],
  };
};
