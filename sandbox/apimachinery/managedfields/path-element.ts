/**
 * Elements of a field's path, in their stored form: `f:name` a member of a map, `k:{"name":"web"}` an item of a list by its keys,
 * `v:"x"` an item of a set, `i:0` an item by its index.
 */

/** JSON in the manner of Go's encoder, which escapes what could end a script. */
const json = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

export const fieldElement = (name: string): string => `f:${name}`;
export const valueElement = (value: unknown): string => `v:${json(value)}`;

/** `keys` must be in alphabetical order. */
export const keyElement = (keys: readonly string[], valueOf: (key: string) => unknown): string => {
  let text = "k:{";
  for (const [at, key] of keys.entries()) text += `${at > 0 ? "," : ""}${json(key)}:${json(valueOf(key))}`;
  return `${text}}`;
};

const keysOf = (element: string): [string, unknown][] => Object.entries(JSON.parse(element.slice(2)) as Readonly<Record<string, unknown>>);

/** As messages show it: `.name`, `[name="web"]`, `[="x"]`, `[0]`. */
export const showElement = (element: string): string => {
  const text = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${text}`;
    case "k":
      return `[${keysOf(element)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(",")}]`;
    case "v":
      return `[=${text}]`;
    default:
      return `[${text}]`;
  }
};

export const showPath = (path: readonly string[]): string => path.map(showElement).join("");

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers before strings before booleans before the rest (value.Compare). */
const rankOf = (value: unknown): number => ["number", "string", "boolean"].indexOf(typeof value) & 3;

const compareValues = (a: unknown, b: unknown): number => {
  if (rankOf(a) !== rankOf(b)) return rankOf(a) - rankOf(b);
  return typeof a === "number" && typeof b === "number" ? a - b : compareText(String(a), String(b));
};

const compareKeys = (a: string, b: string): number => {
  const [left, right] = [keysOf(a), keysOf(b)];
  for (const [at, [key, value]] of left.entries()) {
    const other = right[at];
    if (!other) return 1;
    const order = compareText(key, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
};

const kinds = "fkvi";

/** The order of path elements: names, then keys, then values, then indices. */
export const compareElements = (a: string, b: string): number => {
  if (a === b) return 0;
  if (a[0] !== b[0]) return kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  switch (a[0]) {
    case "k":
      return compareKeys(a, b);
    case "v":
      return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
    case "i":
      return Number(a.slice(2)) - Number(b.slice(2));
    default:
      return compareText(a, b);
  }
};
