import { invalid } from "../../apimachinery/errors/constructors.ts";
import type { FieldRequirement } from "../../apimachinery/fields/selector.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { invalidValue, type FieldError } from "../../apimachinery/validation/field-error.ts";
import type { UserInfo } from "../operation.ts";
import { decide, type Attributes, type Authorizer } from "./authorizer.ts";

interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly fieldSelector?: {
    readonly requirements?: readonly { readonly key?: string; readonly operator?: string; readonly values?: readonly string[] }[];
  };
}

/** The spec of SubjectAccessReview and its kin. */
interface AccessReviewSpec {
  readonly resourceAttributes?: ResourceAttributes | null;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string } | null;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const group = "authorization.k8s.io";
const specOf = (review: AnyObject): AccessReviewSpec => review["spec"] ?? {};

/** Answers a SubjectAccessReview: may that user do that? Throws 422 for a review that asks nothing, or too much. */
export const reviewSubjectAccess = async (review: AnyObject, authorizer: Authorizer): Promise<AnyObject> => {
  refuse([...validateSpec(specOf(review), true), ...emptyMetadata(review, false)]);
  return decided(review, subjectOf(specOf(review)), authorizer);
};

/** Answers a LocalSubjectAccessReview, which stays within the namespace it is sent to. */
export const reviewLocalSubjectAccess = async (review: AnyObject, authorizer: Authorizer): Promise<AnyObject> => {
  const spec = specOf(review);
  const errors = [...validateSpec(spec, true), ...emptyMetadata(review, true)];
  const namespace = spec.resourceAttributes?.namespace ?? "";
  if (spec.resourceAttributes && namespace !== review.metadata.namespace)
    errors.push(invalidValue("spec.resourceAttributes.namespace", namespace, "must match metadata.namespace"));
  if (spec.nonResourceAttributes)
    errors.push(invalidValue("spec.nonResourceAttributes", spec.nonResourceAttributes, "disallowed on this kind of request"));
  refuse(errors);
  return decided(review, subjectOf(spec), authorizer);
};

/** Answers a SelfSubjectAccessReview: may I do that? (`kubectl auth can-i`) */
export const reviewOwnAccess = async (review: AnyObject, user: UserInfo, authorizer: Authorizer): Promise<AnyObject> => {
  refuse([...validateSpec(specOf(review), false), ...emptyMetadata(review, false)]);
  return decided(review, user, authorizer);
};

/** Answers a SelfSubjectRulesReview: what may I do in that namespace? (`kubectl auth can-i --list`) */
export const reviewOwnRules = (review: AnyObject, user: UserInfo, authorizer: Authorizer): AnyObject => {
  const { namespace } = (review["spec"] ?? {}) as { readonly namespace?: string };
  const rules = authorizer.rulesFor?.(user, namespace ?? "");
  return {
    ...review,
    status: {
      resourceRules: rules?.resourceRules ?? [],
      nonResourceRules: rules?.nonResourceRules ?? [],
      incomplete: rules?.incomplete ?? true,
      ...(rules?.evaluationErrors.length && { evaluationError: aggregated(rules.evaluationErrors) }),
    },
  };
};

const aggregated = (errors: readonly string[]): string => (errors.length === 1 ? (errors[0] ?? "") : `[${errors.join(", ")}]`);

const validateSpec = (
  { resourceAttributes, nonResourceAttributes, user, groups }: AccessReviewSpec,
  aboutSomebody: boolean,
): FieldError[] => {
  const errors: FieldError[] = [];
  if (resourceAttributes && nonResourceAttributes)
    errors.push(
      invalidValue("spec.nonResourceAttributes", nonResourceAttributes, "cannot be specified in combination with resourceAttributes"),
    );
  if (!resourceAttributes && !nonResourceAttributes)
    errors.push(
      invalidValue("spec.resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified"),
    );
  if (aboutSomebody && !user && !groups?.length)
    errors.push(invalidValue("spec.user", user ?? "", "at least one of user or group must be specified"));
  return errors;
};

const emptyMetadata = ({ metadata }: AnyObject, namespaceAllowed: boolean): FieldError[] => {
  const { managedFields: _managed, creationTimestamp: _created, namespace, ...rest } = metadata;
  const empty = Object.keys(rest).length === 0 && (namespaceAllowed || !namespace);
  return empty ? [] : [invalidValue("metadata", metadata, namespaceAllowed ? "must be empty except for namespace" : "must be empty")];
};

/** Upstream gives these reviews no kind in the refusal. */
const refuse = (errors: readonly FieldError[]): void => {
  if (errors.length > 0) throw invalid({ group, kind: "" }, "", errors);
};

const subjectOf = ({ user = "", groups = [], uid, extra }: AccessReviewSpec): UserInfo => ({
  name: user,
  groups,
  ...(uid && { uid }),
  ...(extra && { extra }),
});

const decided = async (review: AnyObject, user: UserInfo, authorizer: Authorizer): Promise<AnyObject> => {
  const { decision, reason } = await decide(authorizer, attributesOf(specOf(review), user));
  return { ...review, status: { allowed: decision === "allow", ...(decision === "deny" && { denied: true }), ...(reason && { reason }) } };
};

const attributesOf = ({ resourceAttributes, nonResourceAttributes }: AccessReviewSpec, user: UserInfo): Attributes => {
  if (!resourceAttributes) return { user, verb: nonResourceAttributes?.verb ?? "", path: nonResourceAttributes?.path ?? "" };
  const { fieldSelector, resource = "", verb = "", ...rest } = resourceAttributes;
  const fieldRequirements = (fieldSelector?.requirements ?? []).flatMap(requirementOf);
  return { user, ...rest, resource, verb, ...(fieldRequirements.length > 0 && { fieldRequirements }) };
};

/** Only what a field selector can say counts: one value that is, or is not. */
const requirementOf = ({
  key,
  operator,
  values = [],
}: {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}): FieldRequirement[] => {
  const [value] = values;
  if (key === undefined || value === undefined || values.length !== 1) return [];
  if (operator === "In") return [{ field: key, operator: "=", value }];
  return operator === "NotIn" ? [{ field: key, operator: "!=", value }] : [];
};
