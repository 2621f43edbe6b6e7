import { takes, type Functions, type Overload } from "./functions.ts";
import { macroOf } from "./macros.ts";
import { CompileError, isOptionalElement, type Issue, type Node } from "./parse.ts";
import {
  bool,
  bytes,
  double,
  dyn,
  int,
  isAssignable,
  joined,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  string,
  substituted,
  typeName,
  typeType,
  uint,
  type Bindings,
  type CelType,
} from "./types.ts";

/** What is known of an expression after it was checked. */
export interface Checked {
  readonly type: CelType;
  /** The forms of functions that may be meant, by the node that calls them. */
  readonly calls: ReadonlyMap<Node, readonly Overload[]>;
  readonly types: ReadonlyMap<Node, CelType>;
}

type Scope = ReadonlyMap<string, CelType>;

const operators: Readonly<Record<string, string>> = {
  "!=": "_!=_",
  "==": "_==_",
  "in": "@in",
  "+": "_+_",
  "-": "_-_",
  "*": "_*_",
  "/": "_/_",
  "%": "_%_",
  "<": "_<_",
  "<=": "_<=_",
  ">": "_>_",
  ">=": "_>=_",
  "&&": "_&&_",
  "||": "_||_",
  "!_": "!_",
  "-_": "-_",
  "[]": "_[_]",
  "[?]": "_[?_]",
};

const typeNames: ReadonlySet<string> = new Set([
  "int",
  "uint",
  "double",
  "bool",
  "string",
  "bytes",
  "list",
  "map",
  "null_type",
  "type",
  "optional_type",
]);

/** `a.b.c` as one name; undefined where it is no plain path. */
export const qualifiedName = (node: Node): string | undefined => {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const [inner, field] = node.args;
  const outer = qualifiedName(inner);
  return outer === undefined ? undefined : `${outer}.${field}`;
};

/** Walks a tree with the types of its names, and collects what is wrong. */
class Checker {
  readonly issues: Issue[] = [];
  readonly calls = new Map<Node, readonly Overload[]>();
  readonly types = new Map<Node, CelType>();
  readonly #functions: Functions;
  readonly #text: string;

  constructor(functions: Functions, text: string) {
    this.#functions = functions;
    this.#text = text;
  }

  check(node: Node, scope: Scope): CelType {
    const type = this.#typeOf(node, scope);
    this.types.set(node, type);
    return type;
  }

  #issue(at: number, message: string): CelType {
    this.issues.push({ at, message });
    return dyn;
  }

  #typeOf(node: Node, scope: Scope): CelType {
    switch (node.op) {
      case "value":
        return literalType(node.args);
      case "id":
        return this.#identifier(node, node.args, scope);
      case ".":
      case ".?":
        return this.#select(node, scope);
      case "list":
        return listOf(this.#homogeneous(node.args, scope, node.args.map(isOptionalElement)));
      case "map":
        return mapOf(
          this.#homogeneous(
            node.args.map(([key]) => key),
            scope,
          ),
          this.#homogeneous(
            node.args.map(([, value]) => value),
            scope,
            node.args.map(([key]) => isOptionalElement(key)),
          ),
        );
      case "?:":
        return this.#ternary(node, scope);
      case "call":
        return this.#call(node, scope);
      case "rcall":
        return this.#memberCall(node, scope);
      case "!_":
      case "-_":
        return this.#operator(node, operators[node.op] ?? node.op, [node.args], node.start, scope);
      case "&&":
      case "||":
        return this.#logical(node, scope);
      default:
        return this.#operator(node, operators[node.op] ?? node.op, node.args, this.#operatorAt(node.op, node.args), scope);
    }
  }

  #operatorAt(op: string, [left]: readonly Node[]): number {
    const symbol = op === "[]" || op === "[?]" ? "[" : op;
    const at = this.#text.indexOf(symbol, left?.end ?? 0);
    return at < 0 ? (left?.start ?? 0) : at;
  }

  #identifier(node: Node, name: string, scope: Scope): CelType {
    const type = scope.get(name);
    if (type) return type;
    if (typeNames.has(name)) return typeType;
    return this.#issue(node.start, `undeclared reference to '${name}' (in container '')`);
  }

  #select(node: Node & { readonly op: "." | ".?" }, scope: Scope): CelType {
    const [inner, field] = node.args;
    const name = qualifiedName(node);
    if (name === "google.protobuf.Timestamp" || name === "google.protobuf.Duration") return typeType;
    const variable = name === undefined ? undefined : scope.get(name);
    if (variable) return variable;
    const of = this.check(inner, scope);
    const at = this.#text.lastIndexOf(".", node.pos);
    const result = this.#member(of.kind === "optional" ? of.value : of, field, at);
    return node.op === ".?" || of.kind === "optional" ? optionalOf(result.kind === "optional" ? result.value : result) : result;
  }

  #member(of: CelType, field: string, at: number): CelType {
    switch (of.kind) {
      case "dyn":
        return dyn;
      case "map":
        return of.value;
      case "object":
        return of.fields.get(field)?.type ?? this.#issue(at, `undefined field '${field}'`);
      default:
        return this.#issue(at, `type '${typeName(of)}' does not support field selection`);
    }
  }

  /** What an element adds to its list or map; that of an optional one is what its value may hold. */
  #element(node: Node, scope: Scope, isOptional: boolean): CelType {
    const type = this.check(node, scope);
    if (!isOptional || type.kind === "dyn") return type;
    return type.kind === "optional"
      ? type.value
      : this.#issue(node.start, `expected type 'optional_type(${typeName(type)})' but found '${typeName(type)}'`);
  }

  #homogeneous(nodes: readonly Node[], scope: Scope, optional: readonly boolean[] = []): CelType {
    let type: CelType | undefined;
    for (const [index, node] of nodes.entries()) {
      const next = this.#element(node, scope, optional[index] ?? false);
      if (type && !isAssignable(type, next, new Map()) && !isAssignable(next, type, new Map()))
        this.#issue(node.start, `expected type '${typeName(type)}' but found '${typeName(next)}'`);
      type = type ? joined(type, next) : next;
    }
    return type ?? dyn;
  }

  #ternary(node: Node & { readonly op: "?:" }, scope: Scope): CelType {
    const [condition, yes, no] = node.args.map((each) => this.check(each, scope));
    if (!condition || !yes || !no) return dyn;
    const fits = isAssignable(bool, condition, new Map()) && (isAssignable(yes, no, new Map()) || isAssignable(no, yes, new Map()));
    if (fits) return joined(yes, no);
    return this.#noOverload(this.#text.indexOf("?", node.args[0].end), "_?_:_", [condition, yes, no], false);
  }

  #logical(node: Node & { readonly op: "&&" | "||" }, scope: Scope): CelType {
    const types = node.args.map((each) => this.check(each, scope));
    if (types.every((type) => isAssignable(bool, type, new Map()))) return bool;
    return this.#noOverload(this.#operatorAt(node.op, node.args), operators[node.op] ?? node.op, types, false);
  }

  #operator(node: Node, name: string, nodes: readonly Node[], at: number, scope: Scope): CelType {
    const types = nodes.map((each) => this.check(each, scope));
    return this.#resolve(node, name, this.#functions.find(name, false), types, at, false);
  }

  #call(node: Node & { readonly op: "call" }, scope: Scope): CelType {
    const [name, nodes] = node.args;
    const at = this.#text.indexOf("(", node.start);
    const macro = macroOf(name, undefined, nodes);
    if (macro?.kind === "has") {
      this.check(macro.container, scope);
      if (macro.target.op === ".") this.#select(macro.target, scope);
      return bool;
    }
    if (!this.#functions.has(name)) {
      for (const each of nodes) this.check(each, scope);
      return this.#issue(at, `undeclared reference to '${name}' (in container '')`);
    }
    const types = nodes.map((each) => this.check(each, scope));
    return this.#resolve(node, name, this.#functions.find(name, false), types, at, false);
  }

  #memberCall(node: Node & { readonly op: "rcall" }, scope: Scope): CelType {
    const [name, receiver, nodes] = node.args;
    const macro = macroOf(name, receiver, nodes);
    if (macro?.kind === "bind") return this.check(macro.body, new Map([...scope, [macro.name, this.check(macro.value, scope)]]));
    if (macro?.kind === "comprehension") return this.#comprehension(macro, scope);
    if (macro?.kind === "optional") return this.#optionalMap(macro, scope);
    const at = this.#text.indexOf("(", receiver.end);
    const path = qualifiedName(receiver);
    const root = path?.split(".")[0];
    if (path !== undefined && root !== undefined && !scope.has(root) && this.#functions.has(`${path}.${name}`)) {
      const full = `${path}.${name}`;
      return this.#resolve(
        node,
        full,
        this.#functions.find(full, false),
        nodes.map((each) => this.check(each, scope)),
        at,
        false,
      );
    }
    const types = [receiver, ...nodes].map((each) => this.check(each, scope));
    const forms = this.#functions.find(name, true);
    if (forms.length === 0) return this.#issue(at, `undeclared reference to '${name}' (in container '')`);
    return this.#resolve(node, name, forms, types, at, true);
  }

  #comprehension(macro: Extract<ReturnType<typeof macroOf>, { kind: "comprehension" }>, scope: Scope): CelType {
    const over = this.check(macro.range, scope);
    const [first, second] = elementTypes(over, macro.names.length > 1);
    if (!first)
      return this.#issue(
        macro.range.start,
        `expression of type '${typeName(over)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      );
    const inner = new Map(scope);
    inner.set(macro.names[0] ?? "", first);
    if (macro.names[1] !== undefined) inner.set(macro.names[1], second ?? dyn);
    const types = macro.parts.map((part) => this.check(part, inner));
    const [condition] = types;
    const filters = macro.parts.length > 1 || macro.name === "filter" || ["all", "exists", "exists_one", "existsOne"].includes(macro.name);
    if (filters && condition && !isAssignable(bool, condition, new Map()))
      this.#issue(macro.parts[0]?.start ?? 0, `expected type 'bool' but found '${typeName(condition)}'`);
    const last = types.at(-1) ?? dyn;
    switch (macro.name) {
      case "map":
      case "transformList":
        return listOf(last);
      case "filter":
        return listOf(first);
      case "transformMap":
        return mapOf(first, last);
      case "transformMapEntry":
        return last.kind === "map" ? last : mapOf(dyn, dyn);
      default:
        return bool;
    }
  }

  #optionalMap(macro: Extract<ReturnType<typeof macroOf>, { kind: "optional" }>, scope: Scope): CelType {
    const of = this.check(macro.value, scope);
    const inner = new Map([...scope, [macro.name, of.kind === "optional" ? of.value : dyn] as const]);
    const result = this.check(macro.body, inner);
    return macro.flat ? result : optionalOf(result);
  }

  #resolve(node: Node, name: string, forms: readonly Overload[], types: readonly CelType[], at: number, isMember: boolean): CelType {
    const fitting = forms
      .map((form) => ({ form, bindings: new Map() as Bindings }))
      .filter(({ form, bindings }) => takes(form, types, bindings));
    if (fitting.length === 0) return this.#noOverload(at, name, types, isMember);
    this.calls.set(
      node,
      fitting.map(({ form }) => form),
    );
    return fitting.map(({ form, bindings }) => substituted(form.result, bindings)).reduce(joined);
  }

  #noOverload(at: number, name: string, types: readonly CelType[], isMember: boolean): CelType {
    const names = types.map(typeName);
    const applied = isMember ? `${names[0] ?? ""}.(${names.slice(1).join(", ")})` : `(${names.join(", ")})`;
    return this.#issue(at, `found no matching overload for '${name}' applied to '${applied}'`);
  }
}

const literalType = (value: unknown): CelType => {
  switch (typeof value) {
    case "bigint":
      return int;
    case "number":
      return double;
    case "string":
      return string;
    case "boolean":
      return bool;
    default:
      return value === null ? nullType : value instanceof Uint8Array ? bytes : uint;
  }
};

const elementTypes = (over: CelType, isTwo: boolean): readonly (CelType | undefined)[] => {
  switch (over.kind) {
    case "list":
      return isTwo ? [int, over.item] : [over.item];
    case "map":
      return [over.key, over.value];
    case "object":
      return [string, dyn];
    case "dyn":
      return [dyn, dyn];
    default:
      return [];
  }
};

/** Checks a tree against the types of its variables. Throws CompileError with everything that is wrong. */
export const checkExpression = (text: string, node: Node, variables: Scope, functions: Functions): Checked => {
  const checker = new Checker(functions, text);
  const type = checker.check(node, variables);
  if (checker.issues.length > 0)
    throw new CompileError(
      text,
      checker.issues.toSorted((a, b) => a.at - b.at),
    );
  return { type, calls: checker.calls, types: checker.types };
};
