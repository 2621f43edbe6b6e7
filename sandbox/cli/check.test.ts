import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "./command.ts";
import { check } from "./check.ts";

const run = async (...args: readonly string[]) => {
  const lines: string[] = [];
  const console = {
    print: (line: string) => void lines.push(line),
    complain: (line: string) => void lines.push(line),
    signal: new AbortController().signal,
  };
  return { code: await runCommand(["check", ...args], [check], console), lines };
};
const folder = mkdtempSync(join(tmpdir(), "drydock-check-"));
const fileOf = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const good = fileOf("good.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
const bad = fileOf("bad.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nstuff: {}\n");

test("a manifest that would be taken is no news, and exits with 0", async () => {
  expect(await run(good)).toEqual({ code: 0, lines: [] });
});

test("what would be refused is said with its place, and exits with 1", async () => {
  expect(await run(folder)).toEqual({ code: 1, lines: [`${bad}:4:1: error: strict decoding error: unknown field "stuff"`] });
});

test("programs read JSON", async () => {
  const { code, lines } = await run(bad, "-o", "json");
  expect([code, JSON.parse(lines[0]!)]).toMatchObject([
    1,
    [{ file: bad, field: "stuff", severity: "error", range: { start: { line: 3, character: 0 } } }],
  ]);
});

test("a file that is not there is one line", async () => {
  expect(await run(join(folder, "none.yaml"))).toEqual({ code: 1, lines: [`drydock: there is no ${join(folder, "none.yaml")}`] });
  expect((await run()).code).toBe(2);
});
