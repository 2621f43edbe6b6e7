import type { Pod, PodStatus } from "../../api/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import { isOnHostNetwork, qosClassOf } from "../pod-facts.ts";
import { sandboxOf, type RuntimePod } from "../runtime-pod.ts";
import { podConditions } from "./conditions.ts";
import { containerStatuses, hasInitialized, type StatusFindings } from "./container-statuses.ts";
import { phaseOf } from "./pod-phase.ts";

export interface PodStatusFacts extends StatusFindings {
  readonly hostIPs: readonly string[];
  readonly now: number;
  /** The kubelet refused or ended the pod: phase Failed for this reason (admission, eviction, deadline). */
  readonly failure?: { readonly reason: string; readonly message: string };
}

/** The pod's status as the kubelet reports it (upstream's generateAPIPodStatus): pure. */
export const podStatusOf = (pod: Pod, runtimePod: RuntimePod, facts: PodStatusFacts): PodStatus => {
  const spec = pod.spec;
  const now = toTime(facts.now);
  const statuses = containerStatuses(pod, spec.containers, "main", runtimePod, facts);
  const initStatuses = containerStatuses(pod, spec.initContainers ?? [], "init", runtimePod, facts);
  const ephemeralStatuses = containerStatuses(pod, spec.ephemeralContainers ?? [], "ephemeral", runtimePod, facts);
  const finished = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed" ? pod.status.phase : undefined;
  const phase = finished ?? (facts.failure ? "Failed" : phaseOf(pod, runtimePod));
  const sandbox = sandboxOf(runtimePod);
  const ips = isOnHostNetwork(pod) ? facts.hostIPs : (sandbox?.ips ?? pod.status?.podIPs?.map(({ ip }) => ip) ?? []);
  // PodObservedGenerationTracking, on since 1.34.
  const observedGeneration = facts.minor >= 34 ? pod.metadata.generation : undefined;
  const { reason, message } = facts.failure ?? (finished ? (pod.status ?? {}) : {});
  return {
    phase,
    conditions: podConditions(
      pod,
      {
        phase,
        initialized: hasInitialized(pod, runtimePod, facts),
        hasSandbox: sandbox?.state === "SANDBOX_READY",
        statuses,
        initStatuses,
      },
      now,
      observedGeneration,
    ),
    ...(observedGeneration !== undefined && { observedGeneration }),
    ...(message && { message }),
    ...(reason && { reason }),
    ...(facts.hostIPs[0] !== undefined && { hostIP: facts.hostIPs[0], hostIPs: facts.hostIPs.map((ip) => ({ ip })) }),
    ...(ips[0] !== undefined && { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }),
    startTime: pod.status?.startTime ?? now,
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    ...(facts.failure && runtimePod.sandboxes.length === 0 ? {} : { containerStatuses: statuses }),
    ...(ephemeralStatuses.length > 0 && { ephemeralContainerStatuses: ephemeralStatuses }),
    qosClass: pod.status?.qosClass ?? qosClassOf(pod),
  };
};
