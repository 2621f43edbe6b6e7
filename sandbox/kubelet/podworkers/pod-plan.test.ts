import { expect, test } from "vitest";
import type { Container, Pod } from "../../api/types.ts";
import type { ContainerStatus, PodSandboxStatus } from "../../cri/cri.ts";
import { annotations, type RuntimePod } from "../runtime-pod.ts";
import { phaseOf } from "../status/pod-phase.ts";
import { containerHash, hasEnded, planPod } from "./pod-plan.ts";

const container = (name: string, parts: Partial<Container> = {}): Container => ({ name, image: "busybox", ...parts });
const sidecar = (name: string): Container => container(name, { restartPolicy: "Always" });
const podOf = (restartPolicy: string, initContainers: readonly Container[], ...containers: readonly Container[]): Pod => ({
  metadata: { name: "web", namespace: "ns", uid: "u" },
  spec: { restartPolicy, initContainers, containers },
});

const sandbox = { id: "s", metadata: { attempt: 0 }, state: "SANDBOX_READY", createdAtMs: 0 } as unknown as PodSandboxStatus;
/** `running`, or the exit code. */
const runtimePod = (pod: Pod, states: Readonly<Record<string, "running" | number>>): RuntimePod => ({
  sandboxes: [sandbox],
  containers: Object.entries(states).map(([name, state]) => {
    const own = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((each) => each.name === name)!;
    return {
      id: name,
      metadata: { name, attempt: 0 },
      state: state === "running" ? "CONTAINER_RUNNING" : "CONTAINER_EXITED",
      ...(state !== "running" && { exitCode: state }),
      annotations: { [annotations.hash]: containerHash(own) },
    } as unknown as ContainerStatus;
  }),
});

const healthy = { started: () => true, unhealthy: () => undefined };
const plain = (policy: string): Pod => podOf(policy, [], container("a"), container("b"));
const inits = (policy: string): Pod => podOf(policy, [container("i"), container("j")], container("a"));
const withSidecar = (policy: string): Pod => podOf(policy, [sidecar("s")], container("a"));

test.each([
  ["everything, where nothing runs", plain("Always"), {}, ["a", "b"]],
  ["nothing, where all runs", plain("Always"), { a: "running", b: "running" }, []],
  ["what ended, always", plain("Always"), { a: 0, b: "running" }, ["a"]],
  ["what failed, on failure", plain("OnFailure"), { a: 0, b: 1 }, ["b"]],
  ["nothing more, never", plain("Never"), { a: 0, b: 1 }, []],
  ["the first init container alone", inits("Always"), {}, ["i"]],
  ["the next when the first is done", inits("Always"), { i: 0 }, ["j"]],
  ["the main ones when all are done", inits("Always"), { i: 0, j: 0 }, ["a"]],
  ["a failed init container again", inits("OnFailure"), { i: 1 }, ["i"]],
  ["no failed init container, never", inits("Never"), { i: 1 }, []],
  ["a sidecar before the main ones", withSidecar("Never"), {}, ["s"]],
  ["the main ones beside a started sidecar", withSidecar("Never"), { s: "running" }, ["a"]],
  ["a sidecar again, whatever the pod's policy", withSidecar("Never"), { s: 1, a: "running" }, ["s"]],
] as const)("a plan starts %s", (_title, pod, states, started) => {
  expect(planPod(pod, runtimePod(pod, states), healthy).starts.map((start) => start.container.name)).toEqual(started);
});

test("a container that is not healthy, or not what the spec says any more, is killed", () => {
  const pod = plain("Always");
  const sick = planPod(pod, runtimePod(pod, { a: "running", b: "running" }), {
    ...healthy,
    unhealthy: (id) => (id === "b" ? "failed liveness probe" : undefined),
  });
  expect(sick.kills).toEqual([{ id: "b", name: "b", message: "Container b failed liveness probe, will be restarted" }]);
  const changed = podOf("Always", [], container("a", { image: "nginx" }), container("b"));
  expect(planPod(changed, runtimePod(pod, { a: "running", b: "running" }), healthy).kills).toEqual([
    { id: "a", name: "a", message: "Container a definition changed, will be restarted" },
  ]);
});

test.each([
  ["Pending", plain("Always"), { a: "running" }],
  ["Running", plain("Always"), { a: "running", b: "running" }],
  ["Running", plain("Always"), { a: 0, b: 0 }],
  ["Running", plain("OnFailure"), { a: 0, b: 1 }],
  ["Succeeded", plain("Never"), { a: 0, b: 0 }],
  ["Failed", plain("Never"), { a: 0, b: 1 }],
  ["Running", plain("Never"), { a: 1, b: "running" }],
  ["Pending", inits("Always"), { i: 1 }],
  ["Failed", inits("Never"), { i: 1 }],
] as const)("a pod is %s by its containers", (phase, pod, states) => {
  expect(phaseOf(pod, runtimePod(pod, states))).toBe(phase);
});

test.each([
  [true, plain("Never"), { a: 0, b: 1 }],
  [false, plain("OnFailure"), { a: 0, b: 1 }],
  [true, plain("OnFailure"), { a: 0, b: 0 }],
  [false, plain("Always"), { a: 0, b: 0 }],
  [true, inits("Never"), { i: 1 }],
] as const)("whether nothing will run again is %s", (over, pod, states) => {
  expect(hasEnded(pod, runtimePod(pod, states))).toBe(over);
});
