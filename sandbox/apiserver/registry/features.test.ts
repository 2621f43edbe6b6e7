import { expect, test } from "vitest";
import { featuresOf } from "./features.ts";

test("A release has the features that were on by default then", () => {
  expect([32, 36].map((minor) => featuresOf(minor)("InPlacePodVerticalScaling"))).toEqual([false, true]);
});

test("A feature that nobody knows is off", () => {
  expect(featuresOf(32)("NoSuchGate")).toBe(false);
});
