import type { LabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import { selectorOf } from "../../../apimachinery/labels/label-selector.ts";
import { everything, nothing, Selector, selectorFromSet } from "../../../apimachinery/labels/selector.ts";
import { controllerOf } from "../../../apimachinery/meta/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { PodInfo } from "../../framework/pod-info.ts";

interface Known {
  readonly version: number;
  readonly selector: Selector;
}

const bound = 4096;
const known = new WeakMap<Cluster, Map<string, Known>>();

/** What a pod's services and its controller select by, together (helper.DefaultSelector); empty when nothing selects it. */
export const defaultSelector = (pod: PodInfo, cluster: Cluster): Selector => {
  const owner = controllerOf(pod.pod);
  let selectors = known.get(cluster);
  if (!selectors) known.set(cluster, (selectors = new Map<string, Known>()));
  const key = `${pod.namespace}\0${owner ? `${owner.kind} ${owner.apiVersion} ${owner.name}` : ""}\0${JSON.stringify(pod.labels)}`;
  const version = cluster.selectorsVersion(pod.namespace);
  const remembered = selectors.get(key);
  if (remembered?.version === version) return remembered.selector;
  if (selectors.size >= bound) selectors.clear();
  const selector = computed(pod, cluster);
  selectors.set(key, { version, selector });
  return selector;
};

const computed = (pod: PodInfo, cluster: Cluster): Selector => {
  let labels: Record<string, string> = {};
  for (const { spec } of cluster.list("services", pod.namespace)) {
    if (spec?.selector && selectorFromSet(spec.selector).matches(pod.labels)) labels = { ...labels, ...spec.selector };
  }
  const owner = controllerOf(pod.pod);
  const key = `${pod.namespace}/${owner?.name ?? ""}`;
  switch (owner && `${owner.apiVersion} ${owner.kind}`) {
    case "v1 ReplicationController":
      return fromLabels({ ...labels, ...cluster.get("replicationcontrollers", key)?.spec?.selector });
    case "apps/v1 ReplicaSet":
      return joined(labels, cluster.get("replicasets", key)?.spec?.selector);
    case "apps/v1 StatefulSet":
      return joined(labels, cluster.get("statefulsets", key)?.spec?.selector);
    default:
      return fromLabels(labels);
  }
};

const fromLabels = (labels: Readonly<Record<string, string>>): Selector =>
  Object.keys(labels).length > 0 ? selectorFromSet(labels) : everything;

const joined = (labels: Readonly<Record<string, string>>, ofOwner: LabelSelector | undefined): Selector => {
  const own = fromLabels(labels);
  if (!ofOwner) return own;
  const selector = selectorOf(ofOwner);
  return selector === nothing ? own : new Selector([...own.requirements, ...selector.requirements]);
};
