import { describe, expect, test } from "vitest";
import { formatLabelSelector, selectorOf, validateLabelSelector } from "./label-selector.ts";
import { parseSelector } from "./parse.ts";

const ship = { type: "tug", flag: "", length: "30" };

describe("a label selector chooses by labels", () => {
  test.each([
    ["type=tug", true],
    ["type==ferry", false],
    ["type!=ferry,flag", true],
    ["type in (ferry,tug)", true],
    ["type notin (tug)", false],
    ["engine notin (steam)", true],
    ["!engine", true],
    ["flag=", true],
    ["flag in (,x)", true],
    ["length>29,length<31", true],
    ["type>1", false],
    ["constructor", false],
    ["", true],
  ])("%s", (text, matches) => {
    expect(parseSelector(text).matches(ship)).toBe(matches);
  });
});

describe("a malformed selector is refused in upstream's words", () => {
  test.each([
    ["type in tug", "unable to parse requirement: found 'tug' expected: '('"],
    ["type tug", "unable to parse requirement: found 'tug', expected: in, notin, =, ==, !=, gt, lt"],
    ["=tug", "found '=', expected: !, identifier, or 'end of string'"],
    ["type,,flag", "found ',', expected: identifier after ','"],
    ["type=a=b", "found '=', expected: ',' or 'end of string'"],
    ["length>x", `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
  ])("%s", (text, message) => {
    expect(() => parseSelector(text)).toThrow(message);
  });
});

test("a LabelSelector joins its labels and expressions", () => {
  const selector = { matchLabels: { type: "tug" }, matchExpressions: [{ key: "engine", operator: "DoesNotExist" }] };
  expect(selectorOf(selector).matches(ship)).toBe(true);
  expect(formatLabelSelector(selector)).toBe("!engine,type=tug");
});

test("no LabelSelector matches nothing, an empty one everything", () => {
  expect(selectorOf(undefined).matches(ship)).toBe(false);
  expect(selectorOf({}).matches(ship)).toBe(true);
});

test("In needs values, Exists forbids them", () => {
  const selector = {
    matchExpressions: [
      { key: "type", operator: "In" },
      { key: "type", operator: "Exists", values: ["tug"] },
      { key: "type", operator: "Like" },
    ],
  };
  expect(validateLabelSelector(selector, "spec.selector").map(({ field }) => field)).toEqual([
    "spec.selector.matchExpressions[0].values",
    "spec.selector.matchExpressions[1].values",
    "spec.selector.matchExpressions[2].operator",
  ]);
});
