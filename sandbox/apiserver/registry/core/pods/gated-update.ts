import type { NodeAffinity, NodeSelectorTerm } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";

const path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

/** Terms of a gated pod may get more requirements, but no terms may come or go (validateNodeAffinityMutation). */
export const addNodeAffinityMutationErrors = (
  errors: FieldError[],
  next: NodeAffinity | undefined,
  previous: NodeAffinity | undefined,
): void => {
  const old = previous?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const terms = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (old.length > 0 && old.length !== terms.length) {
    errors.push(invalidValue(path, terms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed"));
    return;
  }
  for (const [at, term] of old.entries())
    if (!hasOnlyAdditions(terms[at]!, term))
      errors.push(invalidValue(`${path}[${at}]`, terms[at], "only additions are allowed (no mutations or deletions)"));
};

const hasOnlyAdditions = (next: NodeSelectorTerm, old: NodeSelectorTerm): boolean => {
  const [expressions, fields] = [old.matchExpressions ?? [], old.matchFields ?? []];
  const [nextExpressions, nextFields] = [next.matchExpressions ?? [], next.matchFields ?? []];
  if (expressions.length === 0 && fields.length === 0) return nextExpressions.length === 0 && nextFields.length === 0;
  return (
    isSemanticallyEqual(nextExpressions.slice(0, expressions.length), expressions) &&
    isSemanticallyEqual(nextFields.slice(0, fields.length), fields)
  );
};
