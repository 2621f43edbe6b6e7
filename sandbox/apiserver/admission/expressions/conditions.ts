import type { Budget } from "../../../apimachinery/cel/index.ts";
import { compiled, EvaluationError, valueOf, type Compiled, type Declared } from "./expressions.ts";

/** admissionregistration.k8s.io MatchCondition. */
export interface MatchCondition {
  readonly name?: string;
  readonly expression?: string;
}

/** Match conditions that can be evaluated. */
export interface Conditions {
  readonly texts: readonly string[];
  readonly programs: readonly Compiled[];
}

export const compiledConditions = (conditions: readonly MatchCondition[] | undefined, declared: Declared): Conditions => {
  const texts = (conditions ?? []).map(({ expression = "" }) => expression);
  return { texts, programs: texts.map((text) => compiled(text, declared, "bool")) };
};

/** Whether all conditions hold. One that does not hold decides; otherwise errors do: throws EvaluationError. */
export const holds = ({ texts, programs }: Conditions, variables: Readonly<Record<string, unknown>>, budget: Budget): boolean => {
  const errors: string[] = [];
  for (const [at, text] of texts.entries()) {
    try {
      if (valueOf(text, programs[at]!, variables, budget) === false) return false;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length > 0) throw new EvaluationError(errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`);
  return true;
};
