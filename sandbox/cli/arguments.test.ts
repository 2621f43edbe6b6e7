import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const rules = {
  port: { value: "N", help: "" },
  memory: { help: "" },
  disable: { value: "LIST", help: "", repeated: true },
  output: { value: "json", help: "" },
};

test("options are read in every usual spelling", () => {
  const given = parseArguments(["--port=1", "--memory", "--disable", "a", "--disable=b", "-o", "json", "word", "--", "--port"], rules);
  expect(given.integer("port")).toBe(1);
  expect(given.flag("memory")).toBe(true);
  expect(given.texts("disable")).toEqual(["a", "b"]);
  expect(given.text("output")).toBe("json");
  expect(given.words).toEqual(["word", "--port"]);
});

test.each([
  [["--nope"], "unknown flag: --nope"],
  [["--constructor"], "unknown flag: --constructor"],
  [["--port"], "flag needs an argument: --port N"],
  [["--port", "1", "--port", "2"], "--port is given twice"],
  [["--memory=maybe"], '--memory is true or false, not "maybe"'],
])("%j is refused", (words, message) => expect(() => parseArguments(words, rules)).toThrow(message));

test("numbers have bounds", () => {
  expect(() => parseArguments(["--port", "70000"], rules).integer("port", { most: 65_535 })).toThrow(
    "--port must be a whole number from 0 to 65535",
  );
});
