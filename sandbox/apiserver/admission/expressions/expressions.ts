import {
  BudgetError,
  CelError,
  compile,
  CompileError,
  dyn,
  functionsWith,
  typeName,
  type Budget,
  type CelType,
  type Program,
} from "../../../apimachinery/cel/index.ts";
import { authorizerLibrary, authorizerType, resourceCheckType } from "./authorizer-library.ts";
import { namespaceType, requestType } from "./types.ts";

const functions = functionsWith(authorizerLibrary);

/** What one evaluation, and all for one policy together, may cost (PerCallLimit, RuntimeCELCostBudget). */
const mostForCall = 1_000_000;
export const mostForPolicy = 10_000_000;

/** Which variables an expression may name besides `object`, `oldObject`, `request` and `namespaceObject`. */
export interface Declared {
  readonly hasParams?: boolean;
  readonly hasAuthorizer?: boolean;
  /** Types of `variables`, in their order; absent where there are none. */
  readonly variables?: ReadonlyMap<string, CelType>;
}

const declared = ({ hasParams, hasAuthorizer, variables }: Declared): ReadonlyMap<string, CelType> => {
  const types = new Map<string, CelType>([
    ["object", dyn],
    ["oldObject", dyn],
    ["request", requestType],
    ["namespaceObject", namespaceType],
  ]);
  if (hasParams) types.set("params", dyn);
  if (hasAuthorizer) types.set("authorizer", authorizerType).set("authorizer.requestResource", resourceCheckType);
  if (variables)
    types.set("variables", {
      kind: "object",
      name: "kubernetes.variables",
      fields: new Map([...variables].map(([key, type]) => [key, { key, type }])),
    });
  return types;
};

/** A program, or why there is none. */
export type Compiled = { readonly program: Program; readonly error?: undefined } | { readonly error: string };

/** Compiles an expression that is to give a value of one of these kinds; any where none are named. */
export const compiled = (text: string, known: Declared, ...kinds: readonly ("bool" | "string" | "null")[]): Compiled => {
  try {
    const program = compile(text, declared(known), functions);
    const { kind } = program.type;
    if (kinds.length === 0 || kind === "dyn" || kinds.some((each) => each === kind)) return { program };
    const [first] = kinds;
    if (kinds.length === 1 && first) return { error: `must evaluate to ${first} but got ${typeName(program.type)}` };
    return { error: `must evaluate to one of [${kinds.map((each) => (each === "null" ? "null_type" : each)).join(" ")}]` };
  } catch (error) {
    if (error instanceof CompileError) return { error: `compilation failed: ${error.message}` };
    throw error;
  }
};

/** An expression that has no value for this request. */
export class EvaluationError extends Error {}

/** The value of an expression. Throws EvaluationError. */
export const valueOf = (text: string, compiledText: Compiled, variables: Readonly<Record<string, unknown>>, budget: Budget): unknown => {
  if (compiledText.error !== undefined) throw new EvaluationError(`compilation error: ${compiledText.error}`);
  const own = { left: Math.min(mostForCall, budget.left) };
  const before = own.left;
  try {
    return compiledText.program.evaluate(variables, own);
  } catch (error) {
    if (error instanceof BudgetError)
      throw new EvaluationError(
        budget.left <= mostForCall
          ? "validation failed due to running out of cost budget, no further validation rules will be run"
          : `expression '${text}' resulted in error: operation cancelled: actual cost limit exceeded`,
      );
    if (error instanceof CelError) throw new EvaluationError(`expression '${text}' resulted in error: ${error.message}`);
    throw error;
  } finally {
    budget.left -= before - own.left;
  }
};
