import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/steps.ts";

const rules = join(root, ".dependency-cruiser.cjs");

/** The broken rules among these folders, as `rule: from → to`. */
const broken = (cwd: string, folders: readonly string[]): readonly string[] => {
  const run = spawnSync(
    process.execPath,
    [join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"), ...folders, "--config", rules, "--output-type", "json"],
    {
      cwd,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  if (run.stdout === "") throw new Error(run.stderr);
  const { summary } = JSON.parse(run.stdout) as { summary: { violations: { rule: { name: string }; from: string; to: string }[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
};

test("imports run one way, from room to room", { timeout: 60_000 }, () => {
  expect(broken(root, ["sandbox", "extension", "media", "test"])).toEqual([]);
});

/** A file that breaks a rule, and the rule. */
const trespasses: Readonly<Record<string, readonly [rule: string, from: string, to: string]>> = {
  "the scheduler does not reach into the store": ["sandbox/scheduler", "sandbox/scheduler/scheduler.ts", "sandbox/storage/storage.ts"],
  "base knows no Kubernetes": ["sandbox/base", "sandbox/base/clock/clock.ts", "sandbox/apimachinery/meta/types.ts"],
  "one controller knows no other": [
    "controllers-meet-through-the-api",
    "sandbox/controllers/job/job.ts",
    "sandbox/controllers/cronjob/cronjob.ts",
  ],
  "a plugin does not look into the queue": [
    "plugins-know-the-framework",
    "sandbox/scheduler/plugins/node-name.ts",
    "sandbox/scheduler/queue/queue.ts",
  ],
  "the kubelet does not know which runtime it drives": [
    "kubelet-knows-contracts",
    "sandbox/kubelet/kubelet.ts",
    "sandbox/cri/simulated/runtime.ts",
  ],
  "the extension comes in by the doors": ["extension-by-the-doors", "extension/extension.ts", "sandbox/apiserver/server/server.ts"],
  "panels know contracts only": ["media-knows-contracts", "media/overview/main.ts", "extension/views/tree.ts"],
  "a room that the table does not name is refused": ["room-is-named", "sandbox/main.ts", "sandbox/attic/things.ts"],
};

test("the table of imports refuses a trespass", { timeout: 60_000 }, () => {
  const away = mkdtempSync(join(tmpdir(), "trespass-"));
  try {
    const write = (file: string, text: string) => {
      mkdirSync(join(away, dirname(file)), { recursive: true });
      writeFileSync(join(away, file), text);
    };
    write("tsconfig.base.json", "{}");
    for (const [, from, to] of Object.values(trespasses)) {
      write(from, `import ".${"/..".repeat(from.split("/").length - 1)}/${to}";\n`);
      write(to, "export {};\n");
    }
    const found = broken(away, ["sandbox", "extension", "media"]);
    for (const [rule, from, to] of Object.values(trespasses)) expect(found).toContain(`${rule}: ${from} → ${to}`);
  } finally {
    rmSync(away, { recursive: true, force: true });
  }
});
