import { isAssignable, parseType, splitTypes, type CelType } from "./types.ts";
import { typeNameOf } from "./values.ts";

/** One form of a function. */
export interface Overload {
  readonly name: string;
  /** Called on its first argument: `"a".size()`. */
  readonly isMember: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  readonly run: (...values: never[]) => unknown;
}

/** A form of a function by its signature: `size(string): int`, `string.contains(string): bool`. */
export const overload = (signature: string, run: (...values: never[]) => unknown): Overload => {
  const match = /^(?:(.+?)\.)?([@A-Za-z_!?:[\]<>=+\-*/%&|0-9]+)\((.*)\): (.+)$/.exec(signature);
  if (!match) throw new Error(`${signature} is no signature`);
  const [, receiver, name = "", parameters = "", result = ""] = match;
  const own = splitTypes(parameters).map(parseType);
  return {
    name,
    isMember: receiver !== undefined,
    parameters: receiver === undefined ? own : [parseType(receiver), ...own],
    result: parseType(result),
    run,
  };
};

/** Functions by name. */
export class Functions {
  readonly #byName = new Map<string, Overload[]>();

  constructor(...libraries: readonly (readonly Overload[])[]) {
    for (const each of libraries.flat()) {
      const known = this.#byName.get(each.name);
      if (known) known.push(each);
      else this.#byName.set(each.name, [each]);
    }
  }

  /** Forms of this name; those called on a receiver or those that are not. */
  find(name: string, isMember: boolean): readonly Overload[] {
    return (this.#byName.get(name) ?? []).filter((each) => each.isMember === isMember);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }
}

const kindNames: Readonly<Record<string, string>> = {
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
  null: "null_type",
  optional: "optional_type",
};

/** Whether a value may be given for a parameter. */
export const accepts = (parameter: CelType, value: unknown): boolean => {
  switch (parameter.kind) {
    case "dyn":
    case "parameter":
      return true;
    case "opaque":
      return typeNameOf(value) === parameter.name;
    case "object":
      return typeNameOf(value) === "map";
    default:
      return typeNameOf(value) === (kindNames[parameter.kind] ?? parameter.kind);
  }
};

/** Whether arguments of these types may be given. */
export const takes = ({ parameters }: Overload, types: readonly CelType[], bindings: Map<string, CelType>): boolean =>
  parameters.length === types.length && parameters.every((parameter, at) => isAssignable(parameter, types[at] ?? parameter, bindings));
