import { expect, test } from "vitest";
import { toYaml } from "./yaml.ts";

test("members are sorted, lists are not indented, and text that would be read as something else is quoted", () => {
  expect(toYaml({ b: ["x"], a: "y", n: "1", t: "true", plain: "text", colon: "a: b", empty: {} })).toBe(
    ['a: "y"', "b:", "- x", "colon: 'a: b'", "empty: {}", '"n": "1"', "plain: text", 't: "true"', ""].join("\n"),
  );
});

test("long lines are folded at the first space after the eightieth character", () => {
  const words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen";
  expect(toYaml({ list: [{ description: words }] })).toBe(
    "list:\n- description: one two three four five six seven eight nine ten eleven twelve thirteen\n    fourteen fifteen sixteen seventeen\n",
  );
});

test("text of several lines stays as it is", () => {
  expect(toYaml({ data: { script: `#!/bin/sh\n${"x ".repeat(60)}\n` } })).toContain(
    `script: |\n    #!/bin/sh\n    ${"x ".repeat(60)}`.trimEnd().slice(0, 40),
  );
});
