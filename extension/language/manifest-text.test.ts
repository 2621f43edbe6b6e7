import { expect, test } from "vitest";
import { looksLikeManifest, objectsOf, titleOf } from "./manifest-text.ts";

test.each([
  ["apiVersion: v1\nkind: Pod\n", true],
  ["# a comment\n---\nkind: Pod\napiVersion: v1\n", true],
  ['{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}', true],
  ["version: '3'\nservices: {}\n", false],
  ["apiVersion: v1\n", false],
  ["text: see apiVersion: and kind: below\n", false],
])("a manifest says apiVersion and kind: %j", (text, expected) => {
  expect(looksLikeManifest(text)).toBe(expected);
});

test("every document with a kind is an object of its own", async () => {
  const found = await objectsOf(
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n# nothing\n---\na: 1\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: c-}\n",
  );
  expect(found.map(({ object }) => titleOf(object))).toEqual(["Namespace shop", "ConfigMap c-*"]);
  expect(found.map(({ document }) => document.range.start.line)).toEqual([0, 7]);
});
