import { describe, expect, test } from "vitest";
import { isQuantity, parseQuantity, quantityOf } from "./parse.ts";
import { Quantity } from "./quantity.ts";

describe("a quantity is written in its canonical form", () => {
  test.each([
    ["1.5Gi", "1536Mi"],
    ["0.1", "100m"],
    ["1024Mi", "1Gi"],
    ["1000m", "1"],
    ["1.1Ki", "1126400m"],
    ["12e6", "12e6"],
    ["2.5e-3", "2500e-6"],
    ["0.5Mi", "512Ki"],
    ["1023", "1023"],
    ["100000", "100k"],
    ["0.0000000001", "1n"],
    ["9223372036854775807Ki", "9223372036854775807"],
    ["-1500m", "-1500m"],
    ["0Gi", "0"],
  ])("%s is %s", (text, canonical) => {
    expect(parseQuantity(text).toString()).toBe(canonical);
  });
});

test.each(["", "abc", "1.2.3", "1x"])("%j does not have a quantity's form", (text) => {
  expect(() => parseQuantity(text)).toThrow(/^quantities must match the regular expression/);
});

test("an unknown suffix is refused", () => {
  expect(() => parseQuantity("1mi")).toThrow("unable to parse quantity's suffix");
});

test("values are rounded away from zero", () => {
  expect(parseQuantity("1500m").value()).toBe(2);
  expect(parseQuantity("-1500m").value()).toBe(-2);
  expect(parseQuantity("0.0001").milliValue()).toBe(1);
  expect(parseQuantity("2").milliValue()).toBe(2000);
});

test("amounts compare across formats, however large their exponents", () => {
  expect(parseQuantity("1Gi").compare(parseQuantity("1G"))).toBeGreaterThan(0);
  expect(parseQuantity("1000m").equals(parseQuantity("1"))).toBe(true);
  expect(parseQuantity("1e2000000000").compare(parseQuantity("1"))).toBeGreaterThan(0);
  expect(parseQuantity("-1e2000000000").compare(parseQuantity("-1"))).toBeLessThan(0);
});

test("a sum keeps the first amount's format, and zero takes the other's", () => {
  expect(parseQuantity("1Gi").add(parseQuantity("512Mi")).toString()).toBe("1536Mi");
  expect(Quantity.zero.add(parseQuantity("1Gi")).toString()).toBe("1Gi");
  expect(parseQuantity("1").subtract(parseQuantity("250m")).toString()).toBe("750m");
});

test("a bare number is a quantity, an object is none", () => {
  expect(quantityOf(0.5).toString()).toBe("500m");
  expect(isQuantity({})).toBe(false);
});
