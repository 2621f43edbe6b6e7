import { expect, test } from "vitest";
import { parseFieldSelector } from "./selector.ts";

const pod: Readonly<Record<string, string>> = { "metadata.name": "tug", "status.phase": "Running" };
const valueOf = (field: string): string => pod[field] ?? "";

test.each([
  ["metadata.name=tug", true],
  ["metadata.name==tug,status.phase!=Running", false],
  ["spec.nodeName=", true],
  ["", true],
])("the field selector %j", (text, matches) => {
  expect(parseFieldSelector(text).matches(valueOf)).toBe(matches);
});

test("commas and equals signs in values are escaped", () => {
  const selector = parseFieldSelector(String.raw`metadata.name=a\,b\=c`);
  expect(selector.exactMatch("metadata.name")).toBe("a,b=c");
  expect(selector.toString()).toBe(String.raw`metadata.name=a\,b\=c`);
});

test.each([
  ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
  [String.raw`a=\x`, String.raw`invalid field selector: invalid escape sequence: \x`],
  ["a=b=c", "invalid field selector: unescaped character in value: 61"],
])("%s is refused", (text, message) => {
  expect(() => parseFieldSelector(text)).toThrow(message);
});
