import { invalidValue, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import type { Condition, CustomResourceDefinition } from "./definition.ts";

const annotation = "api-approved.kubernetes.io";
const field = `metadata.annotations[${annotation}]`;
const see = "see https://github.com/kubernetes/enhancements/pull/1111";

type State = "Missing" | "Bypassed" | "Approved" | "Invalid";

/** Groups that belong to the Kubernetes project. */
export const isProtectedGroup = (group: string): boolean => /^(.*\.)?(k8s|kubernetes)\.io$/.test(group);

const isUrl = (text: string): boolean => {
  try {
    return new URL(text).host !== "";
  } catch {
    return false;
  }
};

const stateOf = ({ metadata }: CustomResourceDefinition): { readonly state: State; readonly why: string } => {
  const value = metadata.annotations?.[annotation] ?? "";
  if (value === "") return { state: "Missing", why: `protected groups must have approval annotation "${annotation}", ${see}` };
  if (value.startsWith("unapproved")) return { state: "Bypassed", why: `not approved: ${JSON.stringify(value)}` };
  if (isUrl(value)) return { state: "Approved", why: `approved in ${value}` };
  return {
    state: "Invalid",
    why: `protected groups must have approval annotation "${annotation}" with either a URL or a reason starting with "unapproved", ${see}`,
  };
};

/** Definitions in Kubernetes' own groups must say who approved them (validateAPIApproval). */
export const approvalErrors = (next: CustomResourceDefinition, previous?: CustomResourceDefinition): FieldError[] => {
  if (!isProtectedGroup(next.spec.group)) return [];
  const { state, why } = stateOf(next);
  if (previous && stateOf(previous).state === state) return [];
  if (state === "Missing") return [required(field, why)];
  return state === "Invalid" ? [invalidValue(field, next.metadata.annotations?.[annotation], why)] : [];
};

const reasons: Readonly<Record<State, string>> = {
  Missing: "MissingAnnotation",
  Bypassed: "UnapprovedAnnotation",
  Approved: "ApprovedAnnotation",
  Invalid: "InvalidAnnotation",
};

/** The condition KubernetesAPIApprovalPolicyConformant; undefined for groups that need no approval. */
export const approvalCondition = (definition: CustomResourceDefinition): Omit<Condition, "lastTransitionTime"> | undefined => {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const { state, why } = stateOf(definition);
  return {
    type: "KubernetesAPIApprovalPolicyConformant",
    status: state === "Approved" ? "True" : "False",
    reason: reasons[state],
    message: why,
  };
};
