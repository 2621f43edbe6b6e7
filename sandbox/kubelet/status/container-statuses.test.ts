import { expect, test } from "vitest";
import type { Pod } from "../../api/types.ts";
import type { ContainerStatus } from "../../cri/cri.ts";
import { containerStatuses, type StatusFindings } from "./container-statuses.ts";

const pod: Pod = {
  metadata: { name: "web", namespace: "ns", uid: "u" },
  spec: { containers: [{ name: "main", image: "nginx", resources: { requests: { cpu: "100m" } } }] },
};
const findings = (parts: Partial<StatusFindings> = {}): StatusFindings => ({
  waiting: new Map(),
  ready: () => true,
  started: () => true,
  runtimeName: "drydock",
  minor: 36,
  terminating: false,
  ...parts,
});
const attempt = (number: number, parts: Partial<ContainerStatus>): ContainerStatus =>
  ({
    id: `c${number}`,
    metadata: { name: "main", attempt: number },
    image: { image: "docker.io/library/nginx:latest" },
    imageRef: "ref",
    startedAtMs: 0,
    createdAtMs: 0,
    ...parts,
  }) as unknown as ContainerStatus;
const running = (number: number) => attempt(number, { state: "CONTAINER_RUNNING" });
const ended = (number: number, exitCode: number) => attempt(number, { state: "CONTAINER_EXITED", exitCode, finishedAtMs: 1000 });
const statusOf = (containers: readonly ContainerStatus[], found = findings()) =>
  containerStatuses(pod, pod.spec.containers, "main", { sandboxes: [], containers }, found)[0]!;

test("a container that was not made yet is being created", () => {
  expect(statusOf([])).toMatchObject({
    state: { waiting: { reason: "ContainerCreating" } },
    ready: false,
    started: false,
    restartCount: 0,
    image: "nginx",
    imageID: "",
  });
});

test("a running container is ready when its probes say so, and tells how the one before it ended", () => {
  const status = statusOf([running(1), ended(0, 2)]);
  expect(status).toMatchObject({ ready: true, started: true, restartCount: 1, containerID: "drydock://c1" });
  expect(status.lastState?.terminated).toMatchObject({ exitCode: 2, reason: "Error", containerID: "drydock://c0" });
  expect(statusOf([running(1)], findings({ ready: () => false })).ready).toBe(false);
});

test("a container in back-off waits, and its end is the last state", () => {
  const status = statusOf([ended(3, 1)], findings({ waiting: new Map([["main", { reason: "CrashLoopBackOff", message: "back-off" }]]) }));
  expect(status).toMatchObject({
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { exitCode: 1 } },
    restartCount: 3,
  });
});

test("what a container was given is told since 1.33", () => {
  expect(statusOf([running(0)])).toMatchObject({ allocatedResources: { cpu: "100m" }, resources: { requests: { cpu: "100m" } } });
  expect(statusOf([running(0)], findings({ minor: 32 }))).not.toHaveProperty("resources");
});
