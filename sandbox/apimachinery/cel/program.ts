import { checkExpression, type Checked } from "./check.ts";
import { evaluateExpression, type Budget } from "./evaluate.ts";
import { Functions, type Overload } from "./functions.ts";
import { kubernetes } from "./library/kubernetes.ts";
import { standard } from "./library/standard.ts";
import { strings } from "./library/strings.ts";
import { parseExpression, type Node } from "./parse.ts";
import type { CelType } from "./types.ts";

/** An expression that has been checked against the types of its variables. */
export interface Program {
  readonly text: string;
  readonly node: Node;
  readonly type: CelType;
  readonly checked: Checked;
  /** Whether the expression names this variable anywhere. */
  uses(variable: string): boolean;
  /** Throws CelError where it has no value, BudgetError where it costs too much. */
  evaluate(variables: Readonly<Record<string, unknown>>, budget: Budget): unknown;
}

/** Every function that Kubernetes' expressions may call. */
export const kubernetesFunctions = new Functions(standard, strings, kubernetes);

/** The same, and more. */
export const functionsWith = (...more: readonly (readonly Overload[])[]): Functions =>
  new Functions(standard, strings, kubernetes, ...more);

/** Compiles an expression. Throws CompileError. */
export const compile = (text: string, variables: ReadonlyMap<string, CelType>, functions: Functions = kubernetesFunctions): Program => {
  const node = parseExpression(text);
  const checked = checkExpression(text, node, variables, functions);
  return {
    text,
    node,
    type: checked.type,
    checked,
    uses: (variable) => [...checked.types.keys()].some((each) => each.op === "id" && each.args === variable),
    evaluate: (values, budget) =>
      evaluateExpression(node, checked, (name) => (Object.hasOwn(values, name) ? values[name] : undefined), budget),
  };
};
