import type { Node } from "./parse.ts";

/** Calls that are not calls: their arguments are looked at as they are written. */
export type Macro =
  | { readonly kind: "has"; readonly container: Node; readonly field: string; readonly target: Node }
  | { readonly kind: "bind"; readonly name: string; readonly value: Node; readonly body: Node }
  | { readonly kind: "optional"; readonly name: string; readonly value: Node; readonly body: Node; readonly flat: boolean }
  | {
      readonly kind: "comprehension";
      readonly name: string;
      readonly names: readonly string[];
      readonly range: Node;
      readonly parts: readonly Node[];
    };

/** How many parts may follow the one or two variables of a comprehension. */
const oneVariable: Readonly<Record<string, readonly number[]>> = {
  all: [1],
  exists: [1],
  exists_one: [1],
  existsOne: [1],
  filter: [1],
  map: [1, 2],
};
const twoVariables: Readonly<Record<string, readonly number[]>> = {
  all: [1],
  exists: [1],
  exists_one: [1],
  existsOne: [1],
  transformList: [1, 2],
  transformMap: [1, 2],
  transformMapEntry: [1, 2],
};

const nameOf = (node: Node | undefined): string | undefined => (node?.op === "id" ? node.args : undefined);

/** The macro that a call is; undefined for plain calls. */
export const macroOf = (name: string, receiver: Node | undefined, nodes: readonly Node[]): Macro | undefined => {
  const [first, second, third] = nodes;
  if (!receiver) {
    if (name !== "has" || nodes.length !== 1 || first?.op !== ".") return undefined;
    return { kind: "has", container: first.args[0], field: first.args[1], target: first };
  }
  const variable = nameOf(first);
  if (variable === undefined) return undefined;
  if (name === "bind" && nameOf(receiver) === "cel" && second && third) return { kind: "bind", name: variable, value: second, body: third };
  if ((name === "optMap" || name === "optFlatMap") && second)
    return { kind: "optional", name: variable, value: receiver, body: second, flat: name === "optFlatMap" };
  const other = nameOf(second);
  if (other !== undefined && Object.hasOwn(twoVariables, name) && twoVariables[name]?.includes(nodes.length - 2))
    return { kind: "comprehension", name, names: [variable, other], range: receiver, parts: nodes.slice(2) };
  if (Object.hasOwn(oneVariable, name) && oneVariable[name]?.includes(nodes.length - 1))
    return { kind: "comprehension", name, names: [variable], range: receiver, parts: nodes.slice(1) };
  return undefined;
};
