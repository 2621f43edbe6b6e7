import { expect, test } from "vitest";
import type { ContainerStatus, Pod, PodSpec, PodStatus as Status } from "../../../sandbox/index.ts";
import { podStatusOf } from "./pod-status.ts";

const pod = (
  status: Partial<Status>,
  { spec = {}, deleted = false }: { readonly spec?: Partial<PodSpec>; readonly deleted?: boolean } = {},
): Pod => ({
  metadata: { name: "web", ...(deleted ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}) },
  spec: { containers: [{ name: "app" }], ...spec },
  status: { phase: "Running", ...status },
});
const container = (state: ContainerStatus["state"], more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: "app",
  image: "",
  imageID: "",
  ready: false,
  restartCount: 0,
  state,
  ...more,
});
const running = container({ running: {} }, { ready: true });
const ready = [{ type: "Ready", status: "True" }];

test.each<[string, Pod, string, string]>([
  ["a running pod", pod({ containerStatuses: [running], conditions: ready }), "Running 1/1", "good"],
  ["a running pod that is not ready", pod({ containerStatuses: [{ ...running, ready: false }] }), "Running 0/1", "busy"],
  ["a pod without a node", pod({ phase: "Pending" }), "Pending 0/1", "busy"],
  [
    "a pod behind gates",
    pod({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] }),
    "SchedulingGated 0/1",
    "busy",
  ],
  [
    "a container that keeps crashing",
    pod({ containerStatuses: [container({ waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 4 })] }),
    "CrashLoopBackOff 0/1",
    "bad",
  ],
  [
    "a container that ended with a signal",
    pod({ containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] }),
    "Signal:9 0/1",
    "bad",
  ],
  ["a container that ended with a code", pod({ containerStatuses: [container({ terminated: { exitCode: 2 } })] }), "ExitCode:2 0/1", "bad"],
  [
    "a pod that did its work",
    pod({ phase: "Succeeded", containerStatuses: [container({ terminated: { exitCode: 0, reason: "Completed" } })] }),
    "Completed 0/1",
    "idle",
  ],
  ["an evicted pod", pod({ phase: "Failed", reason: "Evicted" }), "Evicted 0/1", "bad"],
  ["a pod that is being deleted", pod({ containerStatuses: [running] }, { deleted: true }), "Terminating 1/1", "busy"],
  [
    "a pod that initializes",
    pod(
      { phase: "Pending", initContainerStatuses: [container({ running: {} }, { name: "setup" })] },
      { spec: { initContainers: [{ name: "setup" }, { name: "more" }] } },
    ),
    "Init:0/2 0/1",
    "busy",
  ],
  [
    "a pod whose initialization crashes",
    pod(
      { phase: "Pending", initContainerStatuses: [container({ waiting: { reason: "CrashLoopBackOff" } }, { name: "setup" })] },
      { spec: { initContainers: [{ name: "setup" }] } },
    ),
    "Init:CrashLoopBackOff 0/1",
    "bad",
  ],
  [
    "a pod with a sidecar counts it",
    pod(
      {
        containerStatuses: [running],
        initContainerStatuses: [container({ running: {} }, { name: "proxy", ready: true, started: true })],
        conditions: ready,
      },
      { spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] } },
    ),
    "Running 2/2",
    "good",
  ],
])("%s", (_what, given, text, tone) => {
  const { status, ready, containers, tone: found } = podStatusOf(given);
  expect([`${status} ${ready}/${containers}`, found]).toEqual([text, tone]);
});
