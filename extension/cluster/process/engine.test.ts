import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Engine } from "./engine.ts";
import type { EngineState } from "./engine-state.ts";

const folder = mkdtempSync(join(tmpdir(), "engine-"));
const ready = 'console.log("ready https://127.0.0.1:6443 kubeconfig /tmp/a b/config");';
const stay = 'process.on("disconnect", () => process.exit(0)); setInterval(() => {}, 1000);';

/** An engine whose process runs this text. */
const engineOf = (text: string, restartAfter: readonly number[] = []) => {
  const entry = join(folder, `${Math.random()}.mjs`);
  writeFileSync(entry, text);
  const lines: string[] = [];
  const states: EngineState[] = [];
  const engine = new Engine({ entry, args: () => [], log: (line) => lines.push(line), restartAfter, grace: 300 });
  engine.onState((state) => states.push(state));
  made.push(engine);
  return { engine, lines, states, kinds: () => states.map(({ kind }) => kind) };
};
const made: Engine[] = [];
afterEach(() => {
  for (const engine of made.splice(0)) engine.dispose();
});

test("an engine is ready when it says so, with the address of its API server and the file of its credentials", async () => {
  const { engine, kinds } = engineOf(ready + stay);
  expect(await engine.start()).toEqual({ kind: "ready", server: "https://127.0.0.1:6443", kubeconfig: "/tmp/a b/config" });
  await engine.stop();
  expect(kinds()).toEqual(["starting", "ready", "stopped"]);
});

test("starting twice starts one process", async () => {
  const { engine, kinds } = engineOf(ready + stay);
  await Promise.all([engine.start(), engine.start()]);
  await engine.start();
  expect(kinds()).toEqual(["starting", "ready"]);
});

test("an engine that cannot start says why, in its own last words", async () => {
  const { engine } = engineOf('console.error("address already in use"); process.exit(3);');
  await expect(engine.start()).rejects.toThrow("exit code 3\naddress already in use");
  expect(engine.state).toMatchObject({ kind: "crashed", restarting: false });
});

test("an engine that crashes is started again", async () => {
  const { engine, states, lines } = engineOf(`${ready} setTimeout(() => { throw new Error("out of luck"); }, 50);`, [10]);
  await engine.start();
  await new Promise<void>((resolve) => engine.onState((state) => state.kind === "crashed" && !state.restarting && resolve()));
  expect(states.map((state) => (state.kind === "crashed" ? `crashed, restarting ${state.restarting}` : state.kind))).toEqual([
    "starting",
    "ready",
    "crashed, restarting true",
    "starting",
    "ready",
    "crashed, restarting false",
  ]);
  expect(lines.join("\n")).toContain("out of luck");
});

test("an engine that does not listen is killed after its grace", async () => {
  const { engine } = engineOf(`process.on("SIGTERM", () => {}); ${ready} setInterval(() => {}, 1000);`);
  await engine.start();
  await engine.stop();
  expect(engine.state.kind).toBe("stopped");
});
