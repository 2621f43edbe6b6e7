import type { ContainerStatus, Pod, PodCondition } from "../../api/types.ts";
import { isSidecar } from "../pod-facts.ts";

interface Finding {
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

export interface ConditionFacts {
  readonly phase: string;
  readonly initialized: boolean;
  readonly hasSandbox: boolean;
  readonly statuses: readonly ContainerStatus[];
  readonly initStatuses: readonly ContainerStatus[];
}

/** The kubelet's conditions of a pod, in upstream's order; times are kept where the status is as it was. */
export const podConditions = (pod: Pod, facts: ConditionFacts, now: string, observedGeneration?: number): readonly PodCondition[] => {
  const containersReady = containersReadyOf(pod, facts);
  const findings: readonly (readonly [string, Finding])[] = [
    ["PodReadyToStartContainers", { status: facts.hasSandbox ? "True" : "False" }],
    ["Initialized", initializedOf(pod, facts)],
    ["Ready", readyOf(pod, containersReady)],
    ["ContainersReady", containersReady],
    ["PodScheduled", { status: "True" }],
  ];
  const own = findings.map(([type, finding]): PodCondition => {
    const known = pod.status?.conditions?.find((condition) => condition.type === type);
    const lastTransitionTime = known?.status === finding.status ? known.lastTransitionTime : now;
    const seen = observedGeneration === undefined ? {} : { observedGeneration };
    return { type, ...seen, ...finding, lastProbeTime: null as unknown as string, lastTransitionTime };
  });
  const foreign = (pod.status?.conditions ?? []).filter(({ type }) => !findings.some(([name]) => name === type));
  return [...own, ...foreign];
};

const names = (statuses: readonly ContainerStatus[]): string => `[${statuses.map(({ name }) => name).join(" ")}]`;

const initializedOf = (pod: Pod, { initialized, phase, initStatuses }: ConditionFacts): Finding => {
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  if (initialized) return { status: "True" };
  const containers = pod.spec?.initContainers ?? [];
  const incomplete = initStatuses.filter((status, index) =>
    isSidecar(containers[index]!) ? !status.started : status.state?.terminated?.exitCode !== 0,
  );
  return { status: "False", reason: "ContainersNotInitialized", message: `containers with incomplete status: ${names(incomplete)}` };
};

const containersReadyOf = (pod: Pod, { phase, statuses, initStatuses }: ConditionFacts): Finding => {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const sidecars = initStatuses.filter((_, index) => isSidecar((pod.spec?.initContainers ?? [])[index]!));
  const unready = [...sidecars, ...statuses].filter(({ ready }) => !ready);
  return unready.length === 0
    ? { status: "True" }
    : { status: "False", reason: "ContainersNotReady", message: `containers with unready status: ${names(unready)}` };
};

const readyOf = (pod: Pod, containersReady: Finding): Finding => {
  if (containersReady.status === "False") return containersReady;
  const unmet: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const condition = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (!condition) unmet.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (condition.status !== "True")
      unmet.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`);
  }
  return unmet.length === 0 ? { status: "True" } : { status: "False", reason: "ReadinessGatesNotReady", message: unmet.join(", ") };
};
