import { expect, test } from "vitest";
import { isSemanticallyEqual } from "./equality.ts";

test.each([
  [{ a: 1 }, { a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ labels: {} }, {}, true],
  [{ ports: [] }, { ports: undefined }, true],
  [undefined, { nodeSelector: {} }, true],
  [{ ports: [1] }, {}, false],
  [[1, 2], [2, 1], false],
  [{ a: 0 }, {}, false],
  [{ a: null }, {}, true],
  [{ __proto__: null, a: "x" }, { a: "x" }, true],
])("%j and %j mean the same: %s", (left, right, same) => {
  expect(isSemanticallyEqual(left, right)).toBe(same);
  expect(isSemanticallyEqual(right, left)).toBe(same);
});
