type Step =
  { readonly kind: "name"; readonly name: string } | { readonly kind: "index"; readonly index: number } | { readonly kind: "all" } | Filter;

interface Filter {
  readonly kind: "filter";
  readonly path: string;
  readonly operator: string;
  readonly value: unknown;
}

const name = /^\.([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]*)*)/;
const bracket =
  /^\[(?:(\*)|(-?[0-9]+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\?\(@((?:\.[A-Za-z0-9_-]+)+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|-?[0-9.]+|true|false)\s*\))\]/;

const literal = (text: string): unknown => (text.startsWith("'") ? text.slice(1, -1) : (JSON.parse(text) as unknown));

/** The steps of a JSON path of kubectl's kind; undefined where it is none. */
const stepsOf = (path: string): readonly Step[] | undefined => {
  const steps: Step[] = [];
  for (let rest = path; rest !== "" && rest !== ".";) {
    const plain = name.exec(rest);
    if (plain) {
      steps.push({ kind: "name", name: (plain[1] ?? "").replaceAll("\\.", ".") });
      rest = rest.slice(plain[0].length);
      continue;
    }
    const found = bracket.exec(rest) ?? (rest.startsWith(".[") ? bracket.exec(rest.slice(1)) : null);
    if (!found) return rest === ".*" ? [...steps, { kind: "all" }] : undefined;
    const [, all, index, single, double, filterPath, operator = "", value = ""] = found;
    if (all) steps.push({ kind: "all" });
    else if (index !== undefined) steps.push({ kind: "index", index: Number(index) });
    else if (filterPath !== undefined) steps.push({ kind: "filter", path: filterPath, operator, value: literal(value) });
    else steps.push({ kind: "name", name: single ?? double ?? "" });
    rest = rest.slice(found[0].length + (rest.startsWith(".[") ? 1 : 0));
  }
  return steps;
};

const compare = (left: unknown, operator: string, right: unknown): boolean => {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    default: {
      if (typeof left !== typeof right || (typeof left !== "number" && typeof left !== "string")) return false;
      const other = right as typeof left;
      return operator === "<" ? left < other : operator === ">" ? left > other : operator === "<=" ? left <= other : left >= other;
    }
  }
};

const take = (value: unknown, step: Step): readonly unknown[] => {
  if (typeof value !== "object" || value === null) return [];
  switch (step.kind) {
    case "name":
      return Object.hasOwn(value, step.name) ? [(value as Readonly<Record<string, unknown>>)[step.name]] : [];
    case "all":
      return Object.values(value);
    case "index":
      return Array.isArray(value) ? [value.at(step.index) as unknown].filter((item) => item !== undefined) : [];
    case "filter":
      return Array.isArray(value)
        ? value.filter((item: unknown) => findAll(item, step.path).some((found) => compare(found, step.operator, step.value)))
        : [];
  }
};

const known = new Map<string, readonly Step[] | undefined>();

/** Everything that a JSON path finds in an object: names, indices, `[*]`, and filters such as `[?(@.type=="Ready")]`. */
export const findAll = (object: unknown, path: string): readonly unknown[] => {
  if (!known.has(path)) {
    if (known.size > 1024) known.clear();
    known.set(path, stepsOf(path.replace(/^\$/, "")));
  }
  const steps = known.get(path);
  return steps ? steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => take(value, step)), [object]) : [];
};
