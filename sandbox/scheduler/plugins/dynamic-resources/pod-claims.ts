import type { ResourceClaim } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { PodInfo } from "../../framework/pod-info.ts";

/** How many consumers a claim can have at most (ResourceClaimReservedForMaxSize). */
const mostConsumers = 256;

/** A pod's claims, or why they are not there yet, in words. */
export const claimsOf = (pod: Pick<PodInfo, "pod" | "namespace" | "key">, cluster: Cluster): readonly ResourceClaim[] | string => {
  const claims: ResourceClaim[] = [];
  for (const { name, resourceClaimName, resourceClaimTemplateName } of pod.pod.spec?.resourceClaims ?? []) {
    let claimName = resourceClaimName;
    if (resourceClaimTemplateName !== undefined) {
      const status = pod.pod.status?.resourceClaimStatuses?.find((entry) => entry.name === name);
      if (!status) return `pod "${pod.key}": ResourceClaim not created yet`;
      // The controller has decided that none is needed.
      if (!status.resourceClaimName) continue;
      claimName = status.resourceClaimName;
    }
    if (claimName === undefined) return `pod "${pod.key}": unknown resource claim reference`;
    const claim = cluster.get("resourceclaims", `${pod.namespace}/${claimName}`);
    if (!claim) return `resourceclaim.resource.k8s.io ${JSON.stringify(claimName)} not found`;
    if (claim.metadata.deletionTimestamp !== undefined) return `resourceclaim ${JSON.stringify(claimName)} is being deleted`;
    if (resourceClaimTemplateName !== undefined && !isOwnedBy(pod, claim))
      return `ResourceClaim ${pod.namespace}/${claimName} was not created for pod ${pod.key} (pod is not owner)`;
    claims.push(claim);
  }
  return claims;
};

const isOwnedBy = ({ pod }: Pick<PodInfo, "pod">, { metadata }: ResourceClaim): boolean =>
  metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === pod.metadata.uid) ?? false;

export const isReservedFor = ({ pod }: PodInfo, { status }: ResourceClaim): boolean =>
  status?.reservedFor?.some(({ uid }) => uid === pod.metadata.uid) ?? false;

export const canBeReserved = ({ status }: ResourceClaim): boolean => (status?.reservedFor?.length ?? 0) < mostConsumers;

/** The claim as it is once the pod uses it. */
export const reservedFor = (claim: ResourceClaim, { pod }: PodInfo): ResourceClaim => ({
  ...claim,
  status: {
    ...claim.status,
    reservedFor: [...(claim.status?.reservedFor ?? []), { resource: "pods", name: pod.metadata.name ?? "", uid: pod.metadata.uid ?? "" }],
  },
});
