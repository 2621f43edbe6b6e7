import { resourceClaims } from "../../../api/resources.ts";
import type { AllocationResult, ResourceClaim } from "../../../api/types.ts";
import { keyOf } from "../../../apimachinery/meta/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { ClusterEvent, ClusterEventHint } from "../../framework/events.ts";
import { nodeSelectorOf } from "../../framework/node-selector.ts";
import type { Acting, Plugin } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { failed, unresolvable, type Rejection } from "../../framework/rejection.ts";
import { Allocator } from "./allocator.ts";
import { SelectorFailure } from "./device-selector.ts";
import { canBeReserved, claimsOf, isReservedFor, reservedFor } from "./pod-claims.ts";

const name = "DynamicResources";
const finalizer = "resource.kubernetes.io/delete-protection";

interface State {
  readonly claims: readonly ResourceClaim[];
  /** Those without devices. */
  readonly unallocated: readonly ResourceClaim[];
  /** Claims whose devices some node could not reach. */
  readonly unavailable: Set<ResourceClaim>;
}

const hasClaims = ({ pod }: PodInfo): boolean => (pod.spec?.resourceClaims?.length ?? 0) > 0;

/** A claim that the pod uses, or one whose devices may be free now. */
const claimHelps = (pod: PodInfo, { before, after }: ClusterEvent, cluster: Cluster): boolean => {
  const [was, is] = [before as ResourceClaim | undefined, after as ResourceClaim | undefined];
  const uid = (is ?? was)?.metadata.uid;
  const own = claimsOf(pod, cluster);
  if (typeof own !== "string" && own.some(({ metadata }) => metadata.uid === uid)) return true;
  return was?.status?.allocation !== undefined && is?.status?.allocation === undefined;
};

const retries: readonly ClusterEventHint[] = [
  { kind: "node/added" },
  { kind: "node/labels-changed" },
  { kind: "resourceclaim/added", helps: claimHelps },
  { kind: "resourceclaim/updated", helps: claimHelps },
  { kind: "resourceclaim/deleted", helps: claimHelps },
  { kind: "pod/claims-generated", helps: (pod, { after }) => after?.metadata.uid === pod.uid },
  { kind: "deviceclass/added" },
  { kind: "deviceclass/updated" },
  { kind: "resourceslice/added" },
  { kind: "resourceslice/updated" },
];

/** Places pods where the devices that they claim are, and allocates those (structured parameters). */
export const dynamicResources = (): Plugin => {
  const allocated = new Map<string, readonly { readonly claim: ResourceClaim; readonly allocation?: AllocationResult }[]>();
  const plugin: Plugin = {
    name,
    retryOn: retries,
    key: (pod) => (hasClaims(pod) ? undefined : ""),
    preEnqueue(pod, cluster) {
      if (!pod.spec?.resourceClaims?.length) return undefined;
      const { namespace = "" } = pod.metadata;
      const claims = claimsOf({ pod, namespace, key: keyOf(pod) }, cluster);
      return typeof claims === "string" ? unresolvable(name, claims) : undefined;
    },
    preFilter(pod, cluster) {
      if (!hasClaims(pod)) return "skip";
      const claims = claimsOf(pod, cluster);
      if (typeof claims === "string") return unresolvable(name, claims);
      if (claims.length === 0) return "skip";
      const unallocated = claims.filter(({ status }) => !status?.allocation);
      const problem = inUse(pod, claims) ?? missingClass(unallocated, cluster);
      return problem ?? { state: { claims, unallocated, unavailable: new Set() } satisfies State };
    },
    filter(_pod, node, cycle) {
      const { claims, unallocated, unavailable } = cycle.stateOf(plugin) as State;
      let reachable = true;
      for (const claim of claims) {
        const selector = claim.status?.allocation?.nodeSelector;
        if (!selector || nodeSelectorOf(selector)(node)) continue;
        unavailable.add(claim);
        reachable = false;
      }
      if (unallocated.length > 0) {
        const allocations = tryAllocate(unallocated, node, cycle.cluster);
        if (allocations instanceof SelectorFailure) return failed(name, allocations.message);
        if (!allocations) return unresolvable(name, "cannot allocate all claims");
      }
      return reachable ? undefined : unresolvable(name, "resourceclaim not available on the node");
    },
    postFilter(cycle) {
      const state = cycle.stateOf(plugin) as State | undefined;
      if (!hasClaims(cycle.pod)) return { success: false };
      if (!state) return { success: false, message: "no new claims to deallocate" };
      for (const claim of state.unavailable) {
        const consumers = claim.status?.reservedFor ?? [];
        if (consumers.length > 0 && !(consumers.length === 1 && isReservedFor(cycle.pod, claim))) continue;
        return { success: false, message: "deallocation of ResourceClaim completed", act: (acting) => deallocate(claim, acting) };
      }
      return { success: false, message: "still not schedulable" };
    },
    reserve(pod, node, cycle) {
      const state = cycle.stateOf(plugin) as State | undefined;
      if (!state) return undefined;
      const allocations = tryAllocate(state.unallocated, node, cycle.cluster);
      if (!Array.isArray(allocations)) return failed(name, "claim allocation not found for node");
      const entries = state.claims.map((claim) => {
        const allocation = allocations[state.unallocated.indexOf(claim)] as AllocationResult | undefined;
        if (allocation) cycle.cluster.assume?.("resourceclaims", { ...claim, status: { ...claim.status, allocation } });
        return { claim, allocation };
      });
      allocated.set(pod.uid, entries);
      return undefined;
    },
    unreserve(pod, _nodeName, cluster) {
      for (const { claim, allocation } of allocated.get(pod.uid) ?? [])
        if (allocation) cluster.forget?.("resourceclaims", `${claim.metadata.namespace ?? ""}/${claim.metadata.name ?? ""}`);
      allocated.delete(pod.uid);
    },
    async preBind(pod, _nodeName, acting) {
      for (const { claim, allocation } of allocated.get(pod.uid) ?? []) await bindClaim(pod, claim, allocation, acting);
      allocated.delete(pod.uid);
      return undefined;
    },
  };
  return plugin;
};

const tryAllocate = (
  claims: readonly ResourceClaim[],
  node: Parameters<Allocator["allocate"]>[1],
  cluster: Cluster,
): readonly AllocationResult[] | SelectorFailure | undefined => {
  if (claims.length === 0) return [];
  try {
    return new Allocator(cluster).allocate(claims, node);
  } catch (error) {
    if (error instanceof SelectorFailure) return error;
    throw error;
  }
};

const inUse = (pod: PodInfo, claims: readonly ResourceClaim[]): Rejection | undefined =>
  claims.some((claim) => claim.status?.allocation && !canBeReserved(claim) && !isReservedFor(pod, claim))
    ? unresolvable(name, "resourceclaim in use")
    : undefined;

const missingClass = (claims: readonly ResourceClaim[], cluster: Cluster): Rejection | undefined => {
  for (const { spec } of claims)
    for (const { name: request, exactly, firstAvailable } of spec.devices?.requests ?? []) {
      const asked = firstAvailable
        ? firstAvailable.map((sub) => [`${request}/${sub.name}`, sub.deviceClassName] as const)
        : [[request, exactly?.deviceClassName] as const];
      for (const [label, className] of asked) {
        if (!className) return failed(name, `request ${label}: unsupported request type`);
        if (!cluster.get("deviceclasses", className))
          return unresolvable(name, `request ${label}: device class ${className} does not exist`);
      }
    }
  return undefined;
};

/** Writes the allocation and that the pod uses it (bindClaim). */
const bindClaim = async (
  pod: PodInfo,
  claim: ResourceClaim,
  allocation: AllocationResult | undefined,
  { client }: Acting,
): Promise<void> => {
  const { namespace, name: claimName = "" } = claim.metadata;
  let current = await client.get<ResourceClaim>(resourceClaims, { namespace, name: claimName });
  if (allocation && current.status?.allocation)
    throw new Error(`claim ${namespace ?? ""}/${claimName} got allocated elsewhere in the meantime`);
  if (allocation && !current.metadata.finalizers?.includes(finalizer))
    current = await client.update<ResourceClaim>(resourceClaims, {
      ...current,
      metadata: { ...current.metadata, finalizers: [...(current.metadata.finalizers ?? []), finalizer] },
    });
  if (!allocation && isReservedFor(pod, current)) return;
  const next = allocation ? { ...current, status: { ...current.status, allocation } } : current;
  await client.updateStatus<ResourceClaim>(resourceClaims, isReservedFor(pod, next) ? next : reservedFor(next, pod));
};

/** Gives the devices of a claim that nobody uses back, so that it can be allocated where the pod fits. */
const deallocate = async (claim: ResourceClaim, { client }: Acting): Promise<void> => {
  const { namespace, name: claimName = "" } = claim.metadata;
  const { allocation: _allocation, reservedFor: _reservedFor, ...status } = claim.status ?? {};
  const current = await client.get<ResourceClaim>(resourceClaims, { namespace, name: claimName });
  await client.updateStatus<ResourceClaim>(resourceClaims, { ...current, status });
};
