import { CelError, JsonObject, type Budget, type CelType } from "../../../apimachinery/cel/index.ts";
import { compiled, type Compiled, type Declared } from "./expressions.ts";

/** A named expression that others can use: admissionregistration.k8s.io Variable. */
export interface Variable {
  readonly name?: string;
  readonly expression?: string;
}

export interface CompiledVariables {
  readonly programs: ReadonlyMap<string, Compiled>;
  readonly types: ReadonlyMap<string, CelType>;
}

/** Compiles variables in their order: each may use those before it. */
export const compiledVariables = (variables: readonly Variable[] | undefined, declared: Declared): CompiledVariables => {
  const programs = new Map<string, Compiled>();
  const types = new Map<string, CelType>();
  for (const { name = "", expression = "" } of variables ?? []) {
    const outcome = compiled(expression, { ...declared, variables: new Map(types) });
    programs.set(name, outcome);
    types.set(name, outcome.error === undefined ? outcome.program.type : { kind: "dyn" });
  }
  return { programs, types };
};

/** The value of `variables`: each is evaluated when it is first asked for, once. */
export class LazyVariables extends JsonObject {
  readonly #programs: ReadonlyMap<string, Compiled>;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #budget: Budget;
  readonly #known = new Map<string, unknown>();

  constructor({ programs }: CompiledVariables, values: Readonly<Record<string, unknown>>, budget: Budget) {
    super({}, { kind: "dyn" });
    this.#programs = programs;
    this.#values = values;
    this.#budget = budget;
  }

  override has(key: unknown): boolean {
    return typeof key === "string" && this.#programs.has(key);
  }

  override get(key: unknown): unknown {
    if (typeof key !== "string") return undefined;
    const outcome = this.#programs.get(key);
    if (!outcome) return undefined;
    if (!this.#known.has(key)) this.#known.set(key, this.#evaluated(key, outcome));
    return this.#known.get(key);
  }

  #evaluated(name: string, outcome: Compiled): unknown {
    const failed = (why: string): CelError => new CelError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${why}`);
    if (outcome.error !== undefined) throw failed(outcome.error);
    try {
      return outcome.program.evaluate({ ...this.#values, variables: this }, this.#budget);
    } catch (error) {
      throw error instanceof CelError ? failed(error.message) : error;
    }
  }
}
