import type { Pod, ResourceQuota } from "../types.ts";
import { requirement, Selector } from "../../apimachinery/labels/selector.ts";
import { qosOf } from "./quality-of-service.ts";

/** One condition on the objects a quota is about. */
export interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A quota's scopes, the short form and the long (getScopeSelectorsFromQuota). */
export const scopesOf = ({ spec }: ResourceQuota): readonly Scope[] => [
  ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
  ...((spec?.scopeSelector?.matchExpressions ?? []) as readonly Scope[]),
];

/** Whether a pod is within all of a quota's scopes. Other kinds are only within quotas that have none. */
export const isInScopes = (quota: ResourceQuota, pod: Pod | undefined): boolean =>
  scopesOf(quota).every((scope) => pod !== undefined && isInScope(scope, pod));

const isInScope = (scope: Scope, pod: Pod): boolean => {
  switch (scope.scopeName) {
    case "Terminating":
      return isTerminating(pod);
    case "NotTerminating":
      return !isTerminating(pod);
    case "BestEffort":
      return qosOf(pod) === "BestEffort";
    case "NotBestEffort":
      return qosOf(pod) !== "BestEffort";
    case "PriorityClass":
      return hasPriority(scope, pod);
    case "CrossNamespacePodAffinity":
      return crossesNamespaces(pod);
    default:
      return false;
  }
};

/** A pod with a deadline. */
const isTerminating = ({ spec }: Pod): boolean => spec?.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;

const operators = { In: "in", NotIn: "notin", Exists: "exists", DoesNotExist: "!" } as const;

const hasPriority = ({ operator, values = [] }: Scope, { spec }: Pod): boolean => {
  const name = spec?.priorityClassName ?? "";
  if (!Object.hasOwn(operators, operator)) return false;
  const selector = new Selector([requirement("PriorityClass", operators[operator as keyof typeof operators], values)]);
  return selector.matches(name === "" ? {} : { PriorityClass: name });
};

interface Term {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: unknown;
}

const crossesNamespaces = ({ spec }: Pod): boolean => {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  const terms: readonly Term[] = [podAffinity, podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some(({ namespaces, namespaceSelector }) => (namespaces ?? []).length > 0 || namespaceSelector !== undefined);
};
