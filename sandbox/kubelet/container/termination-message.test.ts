import { expect, test } from "vitest";
import type { ContainerStatus } from "../../cri/cri.ts";
import type { HostFiles } from "../../cri/host-files.ts";
import { logRecord } from "../../cri/log-line.ts";
import { annotations } from "../runtime-pod.ts";
import { terminationMessage } from "./termination-message.ts";

const messageOf = (files: Readonly<Record<string, string>>, exitCode: number, policy = "File"): Promise<string | undefined> =>
  terminationMessage(
    { read: (path: string) => Promise.resolve(files[path] === undefined ? undefined : Buffer.from(files[path])) } as unknown as HostFiles,
    {
      state: "CONTAINER_EXITED",
      exitCode,
      logPath: "/log",
      mounts: [{ containerPath: "/dev/termination-log", hostPath: "/message" }],
      annotations: { [annotations.terminationMessagePath]: "/dev/termination-log", [annotations.terminationMessagePolicy]: policy },
    } as unknown as ContainerStatus,
  );
const log = logRecord(0, "stdout", Array.from({ length: 100 }, (_, line) => `line ${line}\n`).join(""));

test.each([
  ["its own message", { "/message": "DONE" }, 0, "File", "DONE"],
  ["its own message before the log", { "/message": "DONE", "/log": log }, 1, "FallbackToLogsOnError", "DONE"],
  ["nothing of the log without an error", { "/message": "", "/log": log }, 0, "FallbackToLogsOnError", undefined],
  ["nothing of the log without the policy", { "/message": "", "/log": log }, 1, "File", undefined],
] as const)("a container leaves %s", async (_what, files, exitCode, policy, expected) => {
  expect(await messageOf(files, exitCode, policy)).toBe(expected);
});

test("the last eighty lines of the log stand in after an error; a long message is cut", async () => {
  const message = await messageOf({ "/log": log }, 1, "FallbackToLogsOnError");
  expect(message?.split("\n").slice(0, 2)).toEqual(["line 20", "line 21"]);
  expect((await messageOf({ "/message": "x".repeat(9000) }, 0))?.length).toBe(4096);
});
