import type { Checked } from "./check.ts";
import { macroOf } from "./macros.ts";
import type { Node } from "./parse.ts";
import type { CelType } from "./types.ts";

/** What an expression may cost at most, and how long its value may be; infinite where nobody can tell. */
export interface Estimate {
  readonly cost: number;
  readonly size: number;
}

const perCharacter = 0.1;
const perPatternCharacter = 0.25;

const sizeOfType = (type: CelType | undefined): number => {
  switch (type?.kind) {
    case "string":
    case "bytes":
    case "list":
    case "map":
      return type.most ?? Number.POSITIVE_INFINITY;
    case "dyn":
      return Number.POSITIVE_INFINITY;
    default:
      return 1;
  }
};

const traversed = (size: number): number => Math.ceil(size * perCharacter);

/** Zero times anything is nothing, even where the other is infinite. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

/** Texts that a function makes are no longer than what it was given. */
const keepsSize: ReadonlySet<string> = new Set([
  "lowerAscii",
  "upperAscii",
  "substring",
  "trim",
  "charAt",
  "reverse",
  "find",
  "replace",
  "quote",
  "distinct",
  "sort",
  "slice",
  "filter",
]);
const readsTarget: ReadonlySet<string> = new Set([
  "lowerAscii",
  "upperAscii",
  "substring",
  "trim",
  "charAt",
  "reverse",
  "replace",
  "split",
  "indexOf",
  "lastIndexOf",
  "contains",
  "url",
  "isURL",
  "quantity",
  "isQuantity",
  "ip",
  "isIP",
  "cidr",
  "isCIDR",
  "validate",
  "format",
]);
const readsItems: ReadonlySet<string> = new Set(["isSorted", "sum", "min", "max", "indexOf", "lastIndexOf", "join", "distinct", "sort"]);

class Estimation {
  readonly #checked: Checked;

  constructor(checked: Checked) {
    this.#checked = checked;
  }

  of(node: Node): Estimate {
    const size = sizeOfType(this.#checked.types.get(node));
    switch (node.op) {
      case "value":
        return { cost: 0, size: typeof node.args === "string" || node.args instanceof Uint8Array ? node.args.length : 1 };
      case "id":
        return { cost: 1, size };
      case ".":
      case ".?":
        return { cost: this.of(node.args[0]).cost + 1, size };
      case "list":
        return { cost: 10 + this.#sum(node.args), size: node.args.length };
      case "map":
        return { cost: 30 + this.#sum(node.args.flat()), size: node.args.length };
      case "?:": {
        const [condition, yes, no] = node.args.map((each) => this.of(each)) as [Estimate, Estimate, Estimate];
        return { cost: condition.cost + Math.max(yes.cost, no.cost), size: Math.max(yes.size, no.size) };
      }
      case "&&":
      case "||":
        return { cost: this.#sum(node.args), size: 1 };
      case "call":
        return this.#call(node.args[0], node.args[1], size);
      case "rcall":
        return this.#memberCall(node, size);
      case "!_":
      case "-_":
        return { cost: 1 + this.of(node.args).cost, size: 1 };
      default:
        return this.#operator(
          node.op,
          node.args.map((each) => this.of(each)),
          size,
        );
    }
  }

  #sum(nodes: readonly Node[]): number {
    return nodes.reduce((sum, each) => sum + this.of(each).cost, 0);
  }

  #operator(op: string, [left, right]: readonly Estimate[], size: number): Estimate {
    if (!left || !right) return { cost: 0, size };
    const cost = 1 + left.cost + right.cost;
    switch (op) {
      case "==":
      case "!=":
      case "<":
      case "<=":
      case ">":
      case ">=":
        return { cost: cost - 1 + Math.max(1, traversed(Math.min(left.size, right.size))), size: 1 };
      case "+":
        return Number.isFinite(size) && size === 1
          ? { cost, size }
          : { cost: cost - 1 + Math.max(1, traversed(left.size + right.size)), size: left.size + right.size };
      case "in":
        return { cost: cost + right.size, size: 1 };
      default:
        return { cost, size };
    }
  }

  #call(name: string, nodes: readonly Node[], size: number): Estimate {
    const macro = macroOf(name, undefined, nodes);
    if (macro?.kind === "has") return { cost: this.of(macro.container).cost, size: 1 };
    const given = nodes.map((each) => this.of(each));
    const [first, second] = given;
    const base = 1 + given.reduce((sum, each) => sum + each.cost, 0);
    if (name === "matches" && first && second) return { cost: base + matching(first.size, second.size), size: 1 };
    if (readsTarget.has(name) && first) return { cost: base + traversed(first.size), size };
    return { cost: base, size };
  }

  #memberCall(node: Node & { readonly op: "rcall" }, size: number): Estimate {
    const [name, receiver, nodes] = node.args;
    const macro = macroOf(name, receiver, nodes);
    if (macro?.kind === "comprehension") {
      const range = this.of(macro.range);
      const body = macro.parts.reduce((sum, part) => sum + this.of(part).cost, 0);
      return { cost: range.cost + 1 + times(range.size, body + 3), size: size === 1 ? 1 : range.size };
    }
    if (macro?.kind === "bind" || macro?.kind === "optional") {
      const [value, inner] = [this.of(macro.value), this.of(macro.body)];
      return { cost: value.cost + inner.cost + 1, size: inner.size };
    }
    const isPlain = this.#checked.calls.get(node)?.[0]?.isMember === false;
    const target = isPlain ? { cost: 0, size: 1 } : this.of(receiver);
    const given = nodes.map((each) => this.of(each));
    const base = 1 + target.cost + given.reduce((sum, each) => sum + each.cost, 0);
    const [first] = given;
    const result = keepsSize.has(name) ? target.size : size;
    switch (name) {
      case "matches":
      case "find":
      case "findAll":
        return { cost: base + matching(target.size, first?.size ?? 1), size: result };
      case "startsWith":
      case "endsWith":
        return { cost: base + traversed(first?.size ?? 1), size: 1 };
      default: {
        const read =
          readsTarget.has(name) && isText(this.#checked.types.get(receiver))
            ? traversed(target.size)
            : readsItems.has(name)
              ? target.size
              : 0;
        return { cost: base + read, size: result };
      }
    }
  }
}

const isText = (type: CelType | undefined): boolean => type?.kind === "string" || type?.kind === "bytes";

const matching = (text: number, pattern: number): number =>
  times(Math.ceil((text + 1) * perCharacter), Math.max(1, Math.ceil(pattern * perPatternCharacter)));

/** What an expression may cost at most, by the sizes that its types allow (cel-go's cost estimate). */
export const estimateCost = (node: Node, checked: Checked): number => new Estimation(checked).of(node).cost;
