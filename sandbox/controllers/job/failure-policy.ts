import type { ContainerStatus, Job, Pod, PodCondition, PodFailurePolicyRule } from "../../api/types.ts";

export interface PolicyMatch {
  /** Why the Job fails; absent where it does not for this pod. */
  readonly failJob?: string;
  /** Whether the failure counts towards the back-off limit. */
  readonly counts: boolean;
  readonly action?: string;
}

/** What the Job's pod failure policy says of a failed pod: the first rule that matches decides (matchPodFailurePolicy). */
export const matchFailurePolicy = ({ spec }: Job, pod: Pod): PolicyMatch => {
  for (const [at, rule] of (spec?.podFailurePolicy?.rules ?? []).entries()) {
    const why = matches(rule, pod, at);
    if (why === undefined) continue;
    const { action } = rule;
    if (action === "FailJob") return { failJob: why, counts: true, action };
    return { counts: action !== "Ignore", action };
  }
  return { counts: true };
};

const matches = (rule: PodFailurePolicyRule, pod: Pod, at: number): string | undefined => {
  const name = `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
  if (rule.onExitCodes) {
    const container = containerMatching(rule.onExitCodes, pod);
    const code = container?.state?.terminated?.exitCode;
    return (
      container &&
      `Container ${container.name} for pod ${name} failed with exit code ${code ?? 0} matching ${rule.action} rule at index ${at}`
    );
  }
  const condition = conditionMatching(rule, pod.status?.conditions ?? []);
  return condition && `Pod ${name} has condition ${condition.type} matching ${rule.action} rule at index ${at}`;
};

const containerMatching = (
  { containerName, operator, values }: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
  { status }: Pod,
): ContainerStatus | undefined =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(({ name, state }) => {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return operator === "In" ? values.includes(code) : !values.includes(code);
  });

const conditionMatching = ({ onPodConditions = [] }: PodFailurePolicyRule, conditions: readonly PodCondition[]): PodCondition | undefined =>
  conditions.find(({ type, status }) => onPodConditions.some((wanted) => wanted.type === type && (wanted.status ?? "True") === status));
