import type { Node } from "../../../api/types.ts";

export interface NewNodes {
  readonly count: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const usual = { cpu: "4", memory: "16Gi", pods: "110" };

/** Nodes as a node group would add them: like the first that takes pods, unless said otherwise. */
export const newNodes = ({ count, cpu, memory, labels }: NewNodes, present: readonly Node[]): readonly Node[] => {
  const like = present.find(({ spec }) => !spec?.unschedulable && !spec?.taints?.length);
  const taken = new Set(present.map(({ metadata }) => metadata.name));
  const allocatable = {
    ...usual,
    ...like?.status?.allocatable,
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
  };
  const nodes: Node[] = [];
  for (let number = 1; nodes.length < count; number++) {
    const name = `new-${String(number)}`;
    if (taken.has(name)) continue;
    nodes.push({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, uid: `planned ${name}`, labels: { ...like?.metadata.labels, "kubernetes.io/hostname": name, ...labels } },
      spec: {},
      status: { capacity: allocatable, allocatable },
    });
  }
  return nodes;
};
