import { expect, test } from "vitest";
import type { Pod } from "../../api/types.ts";
import { summaryOf } from "./pod-table.ts";
import { humanDuration } from "./human-duration.ts";

test.each([
  [-5_000, "<invalid>"],
  [-1_000, "0s"],
  [0, "0s"],
  [119_000, "119s"],
  [120_000, "2m"],
  [150_000, "2m30s"],
  [600_000, "10m"],
  [10_790_000, "179m"],
  [10_800_000, "3h"],
  [11_100_000, "3h5m"],
  [29_000_000, "8h"],
  [172_700_000, "47h"],
  [172_800_000, "2d"],
  [180_000_000, "2d2h"],
  [700_000_000, "8d"],
  [63_000_000_000, "729d"],
  [63_100_000_000, "2y"],
  [70_000_000_000, "2y80d"],
  [300_000_000_000, "9y"],
])("an age of %i ms is shown as %s", (ms, shown) => {
  expect(humanDuration(ms)).toBe(shown);
});

const pod = (status: object, spec: object = {}, metadata: object = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", ...metadata },
  spec: { containers: [{ name: "a" }, { name: "b" }], ...spec },
  status,
});
const running = (name: string, extra: object = {}) => ({
  name,
  ready: true,
  restartCount: 0,
  state: { running: {} },
  lastState: {},
  ...extra,
});
const ended = (name: string, exitCode: number, reason?: string) => ({
  name,
  ready: false,
  restartCount: 1,
  state: { terminated: { exitCode, ...(reason && { reason }) } },
  lastState: {},
});

test.each([
  ["running", pod({ phase: "Running", containerStatuses: [running("a"), running("b")] }), "2/2 Running 0"],
  [
    "waiting for its image",
    pod({
      phase: "Pending",
      containerStatuses: [{ ...running("a"), ready: false, state: { waiting: { reason: "ImagePullBackOff" } } }, running("b")],
    }),
    "1/2 ImagePullBackOff 0",
  ],
  [
    "one container has ended",
    pod({
      phase: "Running",
      conditions: [{ type: "Ready", status: "False" }],
      containerStatuses: [ended("a", 0, "Completed"), running("b")],
    }),
    "1/2 NotReady 1",
  ],
  ["failed without a reason", pod({ phase: "Failed", containerStatuses: [ended("a", 3), ended("b", 0, "Completed")] }), "0/2 ExitCode:3 2"],
  [
    "initializing",
    pod({ phase: "Pending", initContainerStatuses: [running("i", { ready: false })] }, { initContainers: [{ name: "i" }, { name: "j" }] }),
    "0/2 Init:0/2 0",
  ],
  [
    "a sidecar counts",
    pod(
      {
        phase: "Running",
        initContainerStatuses: [running("s", { started: true, restartCount: 4 })],
        containerStatuses: [running("a"), running("b")],
      },
      { initContainers: [{ name: "s", restartPolicy: "Always" }] },
    ),
    "3/3 Running 4",
  ],
  [
    "an init container crashed",
    pod({ phase: "Pending", initContainerStatuses: [ended("i", 7, "Error")] }, { initContainers: [{ name: "i" }] }),
    "0/2 Init:Error 1",
  ],
  [
    "gated",
    pod({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] }),
    "0/2 SchedulingGated 0",
  ],
  [
    "being deleted",
    pod({ phase: "Running", containerStatuses: [running("a"), running("b")] }, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    "2/2 Terminating 0",
  ],
  ["evicted", pod({ phase: "Failed", reason: "Evicted" }), "0/2 Evicted 0"],
])("a pod's row: %s", (_title, object, shown) => {
  const { ready, total, reason, restarts } = summaryOf(object);
  expect(`${ready}/${total} ${reason} ${restarts}`).toBe(shown);
});
