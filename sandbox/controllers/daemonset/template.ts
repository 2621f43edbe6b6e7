import type { Affinity, DaemonSet, Node, NodeSelectorTerm, Pod, PodTemplateSpec, Toleration } from "../../api/types.ts";
import { REVISION_LABEL } from "../workloads/history.ts";
import { matchesNode, untolerated } from "../workloads/node-fit.ts";

const GENERATION_LABEL = "pod-template-generation";
const GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";

const exists = (key: string, effect: string): Toleration => ({ key, operator: "Exists", effect });

/** What a daemon puts up with, whatever its template says (AddOrUpdateDaemonPodTolerations). */
const tolerationsFor = (template: PodTemplateSpec): readonly Toleration[] => {
  const own = [
    exists("node.kubernetes.io/not-ready", "NoExecute"),
    exists("node.kubernetes.io/unreachable", "NoExecute"),
    exists("node.kubernetes.io/disk-pressure", "NoSchedule"),
    exists("node.kubernetes.io/memory-pressure", "NoSchedule"),
    exists("node.kubernetes.io/pid-pressure", "NoSchedule"),
    exists("node.kubernetes.io/unschedulable", "NoSchedule"),
    ...(template.spec?.hostNetwork ? [exists("node.kubernetes.io/network-unavailable", "NoSchedule")] : []),
  ];
  const isSame = (a: Toleration, b: Toleration): boolean =>
    a.key === b.key && a.effect === b.effect && (a.operator ?? "Equal") === (b.operator ?? "Equal") && (a.value ?? "") === (b.value ?? "");
  const tolerations = [...(template.spec?.tolerations ?? [])];
  for (const toleration of own) {
    const at = tolerations.findIndex((known) => isSame(known, toleration));
    if (at >= 0) tolerations[at] = toleration;
    else tolerations.push(toleration);
  }
  return tolerations;
};

const generationOf = ({ metadata }: DaemonSet): string | undefined => metadata.annotations?.[GENERATION_ANNOTATION];

/** The template of a daemon's pods, of the revision `hash`. */
export const daemonTemplate = (set: DaemonSet, hash: string): PodTemplateSpec => {
  const { template } = set.spec;
  const generation = generationOf(set);
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: { ...template.metadata?.labels, ...(generation !== undefined && { [GENERATION_LABEL]: generation }), [REVISION_LABEL]: hash },
    },
    spec: { ...template.spec, tolerations: tolerationsFor(template) },
  };
};

/** Whether the pod is of the set's present template. */
export const isUpdated = (set: DaemonSet, { metadata }: Pod, hash: string): boolean => {
  const generation = generationOf(set);
  return (generation !== undefined && metadata.labels?.[GENERATION_LABEL] === generation) || metadata.labels?.[REVISION_LABEL] === hash;
};

/** The template tied to a node, as the scheduler understands it: by its name, in place of all other required node affinity. */
export const pinnedTo = (template: PodTemplateSpec, node: string): PodTemplateSpec => {
  const terms: readonly NodeSelectorTerm[] = [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }];
  const { affinity } = template.spec;
  const pinned: Affinity = {
    ...affinity,
    nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  };
  return { ...template, spec: { ...template.spec, affinity: pinned } };
};

/** The node that a daemon's pod is on, or is tied to. */
export const targetNode = ({ spec }: Pod): string | undefined => {
  if (spec.nodeName) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms) {
    const byName = matchFields.find(({ key, operator, values }) => key === "metadata.name" && operator === "In" && values?.length === 1);
    if (byName) return byName.values![0];
  }
  return undefined;
};

/** Whether a daemon belongs on the node, and whether one that is there may stay (NodeShouldRunDaemonPod). */
export const nodeShouldRun = (set: DaemonSet, node: Node): { readonly run: boolean; readonly stay: boolean } => {
  const { template } = set.spec;
  const { nodeName } = template.spec;
  if (nodeName && nodeName !== node.metadata.name) return { run: false, stay: false };
  if (!matchesNode(template.spec, node)) return { run: false, stay: false };
  const tolerations = tolerationsFor(template);
  if (!untolerated(node, tolerations, "NoSchedule", "NoExecute")) return { run: true, stay: true };
  return { run: false, stay: !untolerated(node, tolerations, "NoExecute") };
};
