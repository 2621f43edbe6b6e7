import type { Plugin } from "../framework/plugin.ts";
import { defaultBinder } from "../plugins/default-binder.ts";
import { defaultPreemption, type DefaultPreemptionArgs } from "../plugins/default-preemption/default-preemption.ts";
import { dynamicResources } from "../plugins/dynamic-resources/dynamic-resources.ts";
import { imageLocality } from "../plugins/image-locality.ts";
import { interPodAffinity, type InterPodAffinityArgs } from "../plugins/inter-pod-affinity/inter-pod-affinity.ts";
import { nodeAffinity, type NodeAffinityArgs } from "../plugins/node-affinity.ts";
import { nodeName } from "../plugins/node-name.ts";
import { nodePorts } from "../plugins/node-ports.ts";
import {
  nodeResourcesBalancedAllocation,
  type NodeResourcesBalancedAllocationArgs,
} from "../plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit, type NodeResourcesFitArgs } from "../plugins/node-resources-fit.ts";
import { nodeUnschedulable } from "../plugins/node-unschedulable.ts";
import { podTopologySpread, type PodTopologySpreadArgs } from "../plugins/pod-topology-spread/pod-topology-spread.ts";
import { prioritySort } from "../plugins/priority-sort.ts";
import { schedulingGates } from "../plugins/scheduling-gates.ts";
import { taintToleration } from "../plugins/taint-toleration.ts";
import { nodeVolumeLimits } from "../plugins/volumes/node-volume-limits.ts";
import { volumeBinding, type VolumeBindingArgs } from "../plugins/volumes/volume-binding.ts";
import { volumeRestrictions } from "../plugins/volumes/volume-restrictions.ts";
import { volumeZone } from "../plugins/volumes/volume-zone.ts";

/** The arguments of every plugin that takes some, complete. */
export interface PluginArgs {
  readonly DefaultPreemption: DefaultPreemptionArgs;
  readonly InterPodAffinity: InterPodAffinityArgs;
  readonly NodeAffinity: NodeAffinityArgs;
  readonly NodeResourcesBalancedAllocation: NodeResourcesBalancedAllocationArgs;
  readonly NodeResourcesFit: NodeResourcesFitArgs;
  readonly PodTopologySpread: PodTopologySpreadArgs;
  readonly VolumeBinding: VolumeBindingArgs;
}

/** Makes the plugin of a name; each profile has its own. */
export type PluginFactory = (args: PluginArgs) => Plugin;

/** The plugins that come with the scheduler (NewInTreeRegistry). */
export const inTreePlugins: ReadonlyMap<string, PluginFactory> = new Map<string, PluginFactory>([
  ["SchedulingGates", () => schedulingGates],
  ["PrioritySort", () => prioritySort],
  ["NodeUnschedulable", () => nodeUnschedulable],
  ["NodeName", () => nodeName],
  ["TaintToleration", () => taintToleration],
  ["NodeAffinity", (args) => nodeAffinity(args.NodeAffinity)],
  ["NodePorts", () => nodePorts],
  ["NodeResourcesFit", (args) => nodeResourcesFit(args.NodeResourcesFit)],
  ["VolumeRestrictions", () => volumeRestrictions],
  ["NodeVolumeLimits", () => nodeVolumeLimits],
  ["VolumeBinding", (args) => volumeBinding(args.VolumeBinding)],
  ["VolumeZone", () => volumeZone],
  ["PodTopologySpread", (args) => podTopologySpread(args.PodTopologySpread)],
  ["InterPodAffinity", (args) => interPodAffinity(args.InterPodAffinity)],
  ["DynamicResources", () => dynamicResources()],
  ["DefaultPreemption", (args) => defaultPreemption(args.DefaultPreemption)],
  ["NodeResourcesBalancedAllocation", (args) => nodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation)],
  ["ImageLocality", () => imageLocality],
  ["DefaultBinder", () => defaultBinder],
]);
