import { qualifiedName, type Checked } from "./check.ts";
import { accepts, type Overload } from "./functions.ts";
import { macroOf, type Macro } from "./macros.ts";
import { isOptionalElement, type Node } from "./parse.ts";
import { CelError, isCelMap, LiteralMap, Optional, TypeValue, Uint, type CelMap } from "./values.ts";

/** The expression did more than it may. */
export class BudgetError extends Error {
  constructor() {
    super("operation cancelled: actual cost limit exceeded");
  }
}

/** How much an expression, or several together, may still do. */
export interface Budget {
  left: number;
}

type Scope = (name: string) => unknown;

/** Values of long texts and lists cost by their length; everything else costs one. */
const weightOf = (value: unknown): number =>
  typeof value === "string" ? Math.ceil(value.length / 10) : Array.isArray(value) ? value.length : 1;

/** Functions whose work grows with what they are given. */
const weighed: ReadonlySet<string> = new Set([
  "matches",
  "find",
  "findAll",
  "contains",
  "replace",
  "split",
  "join",
  "@in",
  "_==_",
  "_!=_",
  "_+_",
  "sum",
  "min",
  "max",
  "isSorted",
  "indexOf",
  "lastIndexOf",
  "lowerAscii",
  "upperAscii",
  "distinct",
  "sort",
  "sets.contains",
  "sets.equivalent",
  "sets.intersects",
  "format",
]);

class Evaluation {
  readonly #checked: Checked;
  readonly #budget: Budget;

  constructor(checked: Checked, budget: Budget) {
    this.#checked = checked;
    this.#budget = budget;
  }

  #spend(cost: number): void {
    this.#budget.left -= cost;
    if (this.#budget.left < 0) throw new BudgetError();
  }

  value(node: Node, scope: Scope): unknown {
    switch (node.op) {
      case "value":
        return literal(node.args);
      case "id":
        this.#spend(1);
        return this.#identifier(node.args, scope);
      case ".":
      case ".?":
        this.#spend(1);
        return this.#select(node, scope);
      case "list":
        this.#spend(10);
        return node.args.flatMap((each) => this.#element(each, each, scope));
      case "map":
        this.#spend(30);
        return new LiteralMap(
          node.args.flatMap(([key, value]) => {
            const name = this.value(key, scope);
            return this.#element(key, value, scope).map((each) => [name, each] as const);
          }),
        );
      case "?:":
        return this.value(this.#isTrue(node.args[0], scope) ? node.args[1] : node.args[2], scope);
      case "&&":
        return this.#logical(node.args, scope, false);
      case "||":
        return this.#logical(node.args, scope, true);
      case "call":
        return this.#call(node, scope);
      case "rcall":
        return this.#memberCall(node, scope);
      case "!_":
      case "-_":
        return this.#run(node, [this.value(node.args, scope)]);
      default:
        return this.#run(
          node,
          node.args.map((each) => this.value(each, scope)),
        );
    }
  }

  /** The value of an element, none where it is optional and has none. `marked` is what bears the question mark. */
  #element(marked: Node, node: Node, scope: Scope): readonly unknown[] {
    const value = this.value(node, scope);
    if (!isOptionalElement(marked)) return [value];
    if (!(value instanceof Optional)) throw new CelError("cannot initialize optional entry from non-optional value");
    return value.hasValue ? [value.value] : [];
  }

  #identifier(name: string, scope: Scope): unknown {
    const value = scope(name);
    if (value !== undefined) return value;
    return new TypeValue(name);
  }

  #select(node: Node & { readonly op: "." | ".?" }, scope: Scope): unknown {
    const name = qualifiedName(node);
    if (name === "google.protobuf.Timestamp" || name === "google.protobuf.Duration") return new TypeValue(name);
    const variable = name === undefined ? undefined : scope(name);
    if (variable !== undefined) return variable;
    const [inner, field] = node.args;
    const container = this.value(inner, scope);
    if (node.op === ".?" || container instanceof Optional) {
      const found = container instanceof Optional ? container.value : container;
      return isCelMap(found) && found.has(field) ? new Optional(found.get(field)) : Optional.none;
    }
    return memberOf(container, field);
  }

  #isTrue(node: Node, scope: Scope): boolean {
    const value = this.value(node, scope);
    if (typeof value !== "boolean") throw new CelError("no such overload");
    return value;
  }

  /** The side that decides wins, even if the other fails. */
  #logical([left, right]: readonly [Node, Node], scope: Scope, decisive: boolean): boolean {
    let failure: unknown;
    try {
      if (this.#isTrue(left, scope) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      failure = error;
    }
    const second = this.#isTrue(right, scope);
    if (second !== decisive && failure !== undefined) throw failure as CelError;
    return second;
  }

  #call(node: Node & { readonly op: "call" }, scope: Scope): unknown {
    const [name, nodes] = node.args;
    const macro = macroOf(name, undefined, nodes);
    if (macro?.kind === "has") {
      const container = this.value(macro.container, scope);
      if (container instanceof Optional) return isCelMap(container.value) && container.value.has(macro.field);
      if (!isCelMap(container)) throw new CelError(`no such key: ${macro.field}`);
      return container.has(macro.field);
    }
    return this.#run(
      node,
      nodes.map((each) => this.value(each, scope)),
    );
  }

  #memberCall(node: Node & { readonly op: "rcall" }, scope: Scope): unknown {
    const [name, receiver, nodes] = node.args;
    const macro = macroOf(name, receiver, nodes);
    switch (macro?.kind) {
      case "bind": {
        const value = this.value(macro.value, scope);
        return this.value(macro.body, (each) => (each === macro.name ? value : scope(each)));
      }
      case "optional":
        return this.#optionalMap(macro, scope);
      case "comprehension":
        return this.#comprehension(macro, scope);
      default: {
        const forms = this.#checked.calls.get(node) ?? [];
        const values = nodes.map((each) => this.value(each, scope));
        return this.#run(node, forms[0]?.isMember === false ? values : [this.value(receiver, scope), ...values]);
      }
    }
  }

  #optionalMap(macro: Extract<Macro, { kind: "optional" }>, scope: Scope): unknown {
    const optional = this.value(macro.value, scope);
    if (!(optional instanceof Optional) || !optional.hasValue) return Optional.none;
    const result = this.value(macro.body, (each) => (each === macro.name ? optional.value : scope(each)));
    return macro.flat ? result : new Optional(result);
  }

  #comprehension(macro: Extract<Macro, { kind: "comprehension" }>, scope: Scope): unknown {
    const range = this.value(macro.range, scope);
    const pairs = pairsOf(range, macro.names.length > 1);
    const [first = "", second] = macro.names;
    const inner =
      ([key, value]: readonly [unknown, unknown]): Scope =>
      (each) =>
        each === first ? key : each === second ? value : scope(each);
    const [part, transform] = macro.parts;
    if (!part) return false;
    const passes = (pair: readonly [unknown, unknown]): boolean => {
      this.#spend(1);
      return this.#isTrue(part, inner(pair));
    };
    switch (macro.name) {
      case "all":
      case "exists":
        return this.#quantified(pairs, passes, macro.name === "exists");
      case "exists_one":
      case "existsOne":
        return pairs.filter(passes).length === 1;
      case "filter":
        return pairs.filter(passes).map(([key]) => key);
      default: {
        const kept = transform ? pairs.filter(passes) : pairs;
        const results = kept.map((pair) => {
          this.#spend(1);
          return [pair[0], this.value(transform ?? part, inner(pair))] as const;
        });
        if (macro.name === "transformMap") return new LiteralMap(results);
        if (macro.name === "transformMapEntry")
          return new LiteralMap(
            results.flatMap(([, map]) => (map as CelMap).keys().map((key) => [key, (map as CelMap).get(key)] as const)),
          );
        return results.map(([, value]) => value);
      }
    }
  }

  /** One that decides is enough, whatever fails beside it. */
  #quantified(
    pairs: readonly (readonly [unknown, unknown])[],
    passes: (pair: readonly [unknown, unknown]) => boolean,
    decisive: boolean,
  ): boolean {
    let failure: CelError | undefined;
    for (const pair of pairs) {
      try {
        if (passes(pair) === decisive) return decisive;
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        failure ??= error;
      }
    }
    if (failure) throw failure;
    return !decisive;
  }

  #run(node: Node, values: readonly unknown[]): unknown {
    const forms = this.#checked.calls.get(node) ?? [];
    const form =
      forms.length === 1 ? forms[0] : forms.find(({ parameters }) => parameters.every((parameter, at) => accepts(parameter, values[at])));
    if (!form) throw new CelError("no such overload");
    this.#spend(weighed.has(form.name) ? 1 + values.reduce<number>((sum, value) => sum + weightOf(value), 0) : 1);
    return call(form, values);
  }
}

const call = ({ parameters, run }: Overload, values: readonly unknown[]): unknown => {
  if (!parameters.every((parameter, at) => accepts(parameter, values[at]))) throw new CelError("no such overload");
  return (run as (...given: unknown[]) => unknown)(...values);
};

const literal = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return new Uint(BigInt((value as { readonly valueOf: () => bigint | number }).valueOf()));
};

/** A member by name. Throws CelError where there is none. */
export const memberOf = (container: unknown, field: string): unknown => {
  if (!isCelMap(container)) throw new CelError(container === null ? `no such key: ${field}` : "no such overload");
  if (!container.has(field)) throw new CelError(`no such key: ${field}`);
  return container.get(field);
};

const pairsOf = (range: unknown, isTwo: boolean): readonly (readonly [unknown, unknown])[] => {
  if (Array.isArray(range))
    return range.map((value: unknown, at) => (isTwo ? [BigInt(at), value] : [value, undefined]) as readonly [unknown, unknown]);
  if (isCelMap(range)) return range.keys().map((key) => [key, range.get(key)] as const);
  throw new CelError("no such overload");
};

/** The value of a checked expression. `scope` answers variables; undefined for none. Throws CelError, BudgetError. */
export const evaluateExpression = (node: Node, checked: Checked, scope: Scope, budget: Budget): unknown =>
  new Evaluation(checked, budget).value(node, scope);
