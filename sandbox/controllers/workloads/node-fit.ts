import type { Node, NodeSelector, NodeSelectorRequirement, PodSpec, Taint, Toleration } from "../../api/types.ts";

/** Whether the node has the labels that the pod asks for, by nodeSelector and by required node affinity (GetRequiredNodeAffinity). */
export const matchesNode = (spec: PodSpec, node: Node): boolean => {
  const labels = node.metadata.labels ?? {};
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) && (!required || matchesSelector(required, node))
  );
};

/** Whether one of the terms holds; a term that says nothing does not. */
export const matchesSelector = ({ nodeSelectorTerms }: NodeSelector, node: Node): boolean =>
  nodeSelectorTerms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length === 0 && matchFields.length === 0) return false;
    const fields: Readonly<Record<string, string | undefined>> = { "metadata.name": node.metadata.name };
    return (
      matchExpressions.every((each) => holds(each, node.metadata.labels?.[each.key])) &&
      matchFields.every((each) => holds(each, fields[each.key]))
    );
  });

const holds = ({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean => {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return isWhole(value) && isWhole(values[0]) && Number(value) > Number(values[0]);
    case "Lt":
      return isWhole(value) && isWhole(values[0]) && Number(value) < Number(values[0]);
    default:
      return false;
  }
};

const isWhole = (text: string | undefined): boolean => text !== undefined && /^[+-]?\d+$/.test(text);

export const tolerates = ({ key = "", operator = "Equal", value = "", effect = "" }: Toleration, taint: Taint): boolean => {
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (key === "" && operator !== "Exists") return false;
  return operator === "Exists" || value === (taint.value ?? "");
};

/** The first of the node's taints with one of these effects that the pod does not tolerate. */
export const untolerated = (node: Node, tolerations: readonly Toleration[], ...effects: readonly string[]): Taint | undefined =>
  node.spec?.taints?.find((taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)));
