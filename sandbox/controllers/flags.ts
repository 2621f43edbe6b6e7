import type { ControllerOptions } from "./options.ts";

type Kind = "duration" | "number" | "list" | "boolean";

interface Flag {
  readonly option: keyof ControllerOptions;
  readonly kind: Kind;
  readonly help: string;
}

const duration = (option: keyof ControllerOptions, help: string): Flag => ({ option, kind: "duration", help });
const number = (option: keyof ControllerOptions, help: string): Flag => ({ option, kind: "number", help });

/** kube-controller-manager's flags, by their names there. */
export const controllerFlags: Readonly<Record<string, Flag>> = {
  "controllers": { option: "controllers", kind: "list", help: "Controllers to run: *, names, -name for those to leave out." },
  "node-monitor-period": duration("nodeMonitorPeriodMs", "How often nodes are looked at."),
  "node-monitor-grace-period": duration("nodeMonitorGracePeriodMs", "How long a node may be silent."),
  "node-startup-grace-period": duration("nodeStartupGracePeriodMs", "How long a node may take for its first word."),
  "node-eviction-rate": number("nodeEvictionRate", "Nodes a second that pods are evicted from."),
  "secondary-node-eviction-rate": number("secondaryNodeEvictionRate", "The same in a zone that is partly down."),
  "unhealthy-zone-threshold": number("unhealthyZoneThreshold", "Which part of a zone must be down for that."),
  "large-cluster-size-threshold": number("largeClusterSizeThreshold", "Nodes of a zone that is large."),
  "terminated-pod-gc-threshold": number("terminatedPodGcThreshold", "Ended pods that are kept."),
  "resource-quota-sync-period": duration("resourceQuotaSyncPeriodMs", "How often quotas are counted again."),
  "pvclaimbinder-sync-period": duration("persistentVolumeBinderSyncPeriodMs", "How often claims and volumes are looked at."),
  "horizontal-pod-autoscaler-sync-period": duration("horizontalPodAutoscalerSyncPeriodMs", "How often autoscalers measure."),
  "horizontal-pod-autoscaler-downscale-stabilization": duration(
    "horizontalPodAutoscalerDownscaleStabilizationMs",
    "How far autoscalers look back before they scale down.",
  ),
  "horizontal-pod-autoscaler-tolerance": number("horizontalPodAutoscalerTolerance", "How far from the target autoscalers leave things be."),
  "cluster-signing-duration": duration("clusterSigningDurationMs", "How long signed certificates last."),
  "max-endpoints-per-slice": number("maxEndpointsPerSlice", "Endpoints of an EndpointSlice."),
  "endpoint-updates-batch-period": duration("endpointUpdatesBatchPeriodMs", "How long changes of Endpoints are gathered."),
  "endpointslice-updates-batch-period": duration("endpointSliceUpdatesBatchPeriodMs", "The same for EndpointSlices."),
  "concurrent-deployment-syncs": number("concurrentDeploymentSyncs", "Deployments that are worked on at once."),
  "concurrent-replicaset-syncs": number("concurrentReplicaSetSyncs", "The same for ReplicaSets."),
  "concurrent-statefulset-syncs": number("concurrentStatefulSetSyncs", "The same for StatefulSets."),
  "concurrent-job-syncs": number("concurrentJobSyncs", "The same for Jobs."),
  "concurrent-gc-syncs": number("concurrentGarbageCollectorSyncs", "The same for garbage."),
  "concurrent-namespace-syncs": number("concurrentNamespaceSyncs", "The same for namespaces."),
  "allocate-node-cidrs": { option: "allocateNodeCidrs", kind: "boolean", help: "Nodes get a part of the cluster's CIDR (true or false)." },
  "cluster-cidr": { option: "clusterCidr", kind: "list", help: "Where pods have their addresses." },
  "node-cidr-mask-size-ipv4": number("nodeCidrMaskSizeIpv4", "The size of a node's part."),
  "load-balancer-pool": { option: "loadBalancerPool", kind: "list", help: "Addresses of load balancers; empty leaves them pending." },
  "node-cidr-mask-size-ipv6": number("nodeCidrMaskSizeIpv6", "The same for IPv6."),
};

/** Options as the flags say, of which `given` has the text. Throws with the flag's name where one makes no sense. */
export const controllerOptionsFrom = (given: (flag: string) => string | undefined): Partial<ControllerOptions> => {
  const options: Record<string, unknown> = {};
  for (const [flag, { option, kind }] of Object.entries(controllerFlags)) {
    const text = given(flag);
    if (text !== undefined) options[option] = read(flag, kind, text);
  }
  return options;
};

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const read = (flag: string, kind: Kind, text: string): unknown => {
  if (kind === "list") return text.split(",").filter((word) => word !== "");
  if (kind === "boolean") return text !== "false";
  if (kind === "number" && text !== "" && Number.isFinite(Number(text))) return Number(text);
  if (kind === "duration" && /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
  }
  throw new Error(`--${flag}: ${JSON.stringify(text)} is no ${kind}`);
};
