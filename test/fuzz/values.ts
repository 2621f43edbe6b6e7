import type { Random } from "../../sandbox/base/random/random.ts";

export const oneOf = <T>(values: readonly T[], random: Random): T => values[random.integer(values.length)]!;

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

const wide = (size: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${String(index)}`, "v"]));

/** Texts that somebody's parser trips over: numbers, times, selectors, expressions, paths, formats. */
const texts = [
  "",
  " ",
  "\0",
  "a",
  "A_b",
  "-",
  ".",
  "..",
  "a/b",
  "a/b/c",
  "/",
  "*",
  "../../etc/passwd",
  "%",
  "%s%n",
  "%2e%2e",
  "\u{1F433}",
  "é",
  "\ud800",
  "\u202e",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "true",
  "0",
  "-1",
  "1e999",
  "1e-999",
  "99999999999999999999999",
  "0x10",
  "1Ei",
  "1e18Ei",
  "-9223372036854775809",
  "NaN",
  "Infinity",
  ".5",
  "5.",
  "1k1",
  "100%",
  "-5%",
  "1h",
  "1000000h",
  "2020-01-01T00:00:00Z",
  "0000-00-00T00:00:00Z",
  "9999-12-31T23:59:60Z",
  "2020-02-30T25:61:61+99:99",
  "10.0.0.1",
  "10.0.0.0/99",
  "::1",
  "::/0",
  "fe80::1%eth0",
  "999.1.1.1",
  "http://[",
  "https://a:b@c:99999/",
  "(a+)+$",
  "^(a|a)*$",
  "[",
  "(?<n>",
  "\\",
  "a{1000}{1000}",
  "{.spec.a}",
  "{.items[?(@.a==",
  "self",
  "self.",
  "self.all(x, self.all(y, self.all(z, x == y)))",
  "object.spec",
  "1/0 == 1",
  "'a' * 100",
  "* * * * *",
  "@every 1ns",
  "TZ=Nowhere * * * * *",
  "*/0 * * * *",
  "app=web",
  "a in (",
  "!a,b notin (c)",
  "kubernetes.io/x",
  "data:\n- a",
  "&a [*a]",
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
  "AAAA",
  "=",
  "sha256:00",
  "x".repeat(300),
  "a".repeat(64),
  "a.".repeat(130),
  "é".repeat(5000),
];

const numbers = [0, -0, -1, 1, 0.5, 65535, 65536, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, -(2 ** 63), 1e21, 1e308, 5e-324, 101];

export const nastyText = (random: Random): string => oneOf(texts, random);

/** Some value where another one is due. */
export const nasty = (random: Random): unknown => {
  switch (random.integer(12)) {
    case 0:
      return null;
    case 1:
    case 2:
      return oneOf(numbers, random);
    case 3:
      return random.next() < 0.5;
    case 4:
      return oneOf([[], [null], [[]], [{}], ["", ""], [{ name: "a" }, { name: "a" }], [null, null], [1, "a", {}]], random);
    case 5:
      return oneOf<object>(
        [{}, { "": "" }, { a: null }, withKey({}, "__proto__", { polluted: 1 }), { constructor: { prototype: { polluted: 1 } } }],
        random,
      );
    case 6:
      return random.next() < 0.1 ? nested(oneOf([50, 500, 300, 700, 1500], random)) : nested(5);
    case 7:
      return random.next() < 0.05 ? wide(oneOf([100, 5000], random)) : wide(3);
    default:
      return nastyText(random);
  }
};

const withKey = <T extends object>(object: T, name: string, value: unknown): T =>
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });

const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "metadata",
  "",
  "a",
  "status",
  "spec",
  "$patch",
  "$retainKeys",
  "$setElementOrder/containers",
  "$deleteFromPrimitiveList/finalizers",
];

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

const placesOf = (value: unknown, places: Place[] = [], depth = 0): readonly Place[] => {
  if (typeof value !== "object" || value === null || depth > 30 || places.length > 3000) return places;
  const holder = value as Record<string, unknown>;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    places.push({ holder, key });
    placesOf(holder[key], places, depth + 1);
  }
  return places;
};

/** A copy of a JSON value in which so many places went wrong. */
export const mutated = (value: unknown, changes: number, random: Random): unknown => {
  const root = { value: JSON.parse(JSON.stringify(value)) as unknown };
  for (let change = 0; change < changes; change++) {
    const places = placesOf(root);
    const { holder, key } =
      places[Math.min(random.integer(places.length), random.integer(places.length) + 1, places.length - 1)] ?? places[0]!;
    const at = holder as Record<string, unknown>;
    switch (random.integer(8)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else if (holder !== root) Reflect.deleteProperty(holder, key);
        break;
      case 1: {
        const inner = at[key];
        if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) withKey(inner, oneOf(keys, random), nasty(random));
        break;
      }
      case 2:
        if (Array.isArray(holder)) holder.push(at[key]);
        else at[key] = [at[key], at[key]];
        break;
      case 3: {
        const other = oneOf(places, random);
        const copied = (other.holder as Record<string, unknown>)[other.key];
        if (JSON.stringify(copied).length < 10_000) withKey(holder, String(key), JSON.parse(JSON.stringify(copied)));
        break;
      }
      default:
        withKey(holder, String(key), nasty(random));
    }
  }
  return root.value;
};
