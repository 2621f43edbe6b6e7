import { describe, expect, test } from "vitest";
import { compile, dyn, estimateCost, fromJson, int, listOf, string, toJson, type CelType } from "./index.ts";

const self = { name: "web", tags: ["a", "b"], size: 3, limits: { cpu: "1500m" }, none: null };
const evaluated = (text: string): unknown =>
  toJson(compile(text, new Map([["self", dyn]])).evaluate({ self: fromJson(self, dyn) }, { left: 1_000_000 }));

describe("an expression has a value", () => {
  test.each<[string, unknown]>([
    ["self.size + 1", 4],
    ["self.name.startsWith('w') && size(self.tags) == 2", true],
    ["self.tags.all(tag, tag != 'c')", true],
    ["self.tags.map(tag, tag + '!')", ["a!", "b!"]],
    ["has(self.missing)", false],
    ["self.?missing.orValue('x')", "x"],
    ["quantity(self.limits.cpu).isGreaterThan(quantity('1'))", true],
    ["self.tags.isSorted()", true],
    ["'a.b'.split('.')", ["a", "b"]],
    ["ip('10.0.0.1').family()", 4],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3')", true],
    ["url('https://a.example/x').getHost()", "a.example"],
    ["'abc'.find('b+')", "b"],
    ["dyn(1) == 1.0", true],
    ["timestamp('2024-01-02T03:04:05Z').getFullYear()", 2024],
  ])("%s is %j", (text, value) => {
    expect(evaluated(text)).toEqual(value);
  });
});

describe("an optional element of a literal is there only if it has a value", () => {
  test.each<[string, unknown]>([
    ["[?self.?name, 'x', ?self.?missing]", ["web", "x"]],
    ["{?'a': self.?size, ?'b': self.?missing, 'c': 1}", { a: 3, c: 1 }],
    ["[?optional.of(1), [?optional.none()].size()]", [1, 0]],
    ["self.tags[?0].orValue('none') + [?self.?name][0]", "aweb"],
    ["(1 in [?optional.of(1)]) ? '[?' : \"{?a}\"", "[?"],
  ])("%s is %j", (text, value) => {
    expect(evaluated(text)).toEqual(value);
  });

  test("anything but an optional value is refused", () => {
    expect(() => compile("[?1]", new Map())).toThrow("<input>:1:3: expected type 'optional_type(int)' but found 'int'");
    expect(() => evaluated("[?self.size]")).toThrow("cannot initialize optional entry");
  });
});

test("the other side of a logical operator saves one that fails", () => {
  expect(evaluated("self.missing == 1 || true")).toBe(true);
});

test("a key that is not there is an error", () => {
  expect(() => evaluated("self.missing")).toThrow("no such key: missing");
});

test("names that are not declared are compile errors, shown where they stand", () => {
  expect(() => compile("selv.a", new Map([["self", dyn]]))).toThrow(
    "ERROR: <input>:1:1: undeclared reference to 'selv' (in container '')\n | selv.a\n | ^",
  );
});

test("an evaluation ends when its budget does", () => {
  expect(() => compile("[1, 2, 3].all(x, x > 0)", new Map()).evaluate({}, { left: 5 })).toThrow();
});

test("what loops cost grows with how long lists may be", () => {
  const costOf = (most: number): number => {
    const items: CelType = { ...listOf(int), most } as CelType;
    const { node, checked } = compile("self.all(x, x > 0)", new Map([["self", items]]));
    return estimateCost(node, checked);
  };
  expect(costOf(100)).toBeGreaterThan(costOf(10));
});

test("has() costs no more than what it looks into", () => {
  const { node, checked } = compile("has(self.a)", new Map([["self", dyn]]));
  expect(estimateCost(node, checked)).toBe(1);
});

test("operands of different types do not go together", () => {
  expect(() => compile("self + 1", new Map([["self", string]]))).toThrow("found no matching overload for '_+_' applied to '(string, int)'");
});
