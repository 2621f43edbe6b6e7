import type { ValidatingAdmissionPolicy } from "../../../api/types.ts";
import { compiled, type Compiled, type Declared } from "../expressions/expressions.ts";
import { compiledConditions, type Conditions } from "../expressions/conditions.ts";
import { compiledVariables, type CompiledVariables } from "../expressions/lazy-variables.ts";

export interface CompiledValidation {
  readonly text: string;
  readonly expression: Compiled;
  readonly message?: { readonly text: string; readonly expression: Compiled };
  readonly fixedMessage: string;
  readonly reason: string;
}

/** A policy whose expressions can be evaluated. */
export interface CompiledPolicy {
  readonly conditions: Conditions;
  readonly variables: CompiledVariables;
  readonly validations: readonly CompiledValidation[];
}

const compilePolicy = ({ spec }: ValidatingAdmissionPolicy): CompiledPolicy => {
  const hasParams = spec?.paramKind !== undefined;
  const variables = compiledVariables(spec?.variables, { hasParams, hasAuthorizer: true });
  const declared: Declared = { hasParams, variables: variables.types };
  return {
    conditions: compiledConditions(spec?.matchConditions, { hasParams, hasAuthorizer: true }),
    variables,
    validations: (spec?.validations ?? []).map(({ expression = "", message = "", messageExpression, reason = "Invalid" }) => ({
      text: expression,
      expression: compiled(expression, { ...declared, hasAuthorizer: true }, "bool"),
      ...(messageExpression !== undefined && {
        message: { text: messageExpression, expression: compiled(messageExpression, declared, "string") },
      }),
      fixedMessage: message.trim(),
      reason,
    })),
  };
};

const known = new WeakMap<ValidatingAdmissionPolicy, CompiledPolicy>();

/** A stored policy, compiled once. */
export const compiledPolicy = (policy: ValidatingAdmissionPolicy): CompiledPolicy => {
  let found = known.get(policy);
  if (!found) known.set(policy, (found = compilePolicy(policy)));
  return found;
};
