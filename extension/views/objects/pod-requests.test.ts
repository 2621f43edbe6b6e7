import { expect, test } from "vitest";
import type { Container, Pod, PodSpec } from "../../../sandbox/index.ts";
import { cpuText, memoryText, requestsOf, requestsOfAll, shareText } from "./pod-requests.ts";

const asking = (cpu: string, memory = "0", more: Partial<Container> = {}): Container => ({
  name: cpu,
  resources: { requests: { cpu, memory } },
  ...more,
});
const pod = (spec: Partial<PodSpec>, phase = "Running"): Pod => ({
  metadata: { name: "p" },
  spec: { containers: [], ...spec },
  status: { phase },
});

test.each<[string, Partial<PodSpec>, number, number]>([
  ["containers together", { containers: [asking("100m", "64Mi"), asking("0.5", "1Gi")] }, 600, 64 * 2 ** 20 + 2 ** 30],
  [
    "the largest init container where that is more",
    { containers: [asking("100m")], initContainers: [asking("2"), asking("300m")] },
    2000,
    0,
  ],
  [
    "sidecars run beside the containers",
    { containers: [asking("100m")], initContainers: [asking("200m", "0", { restartPolicy: "Always" })] },
    300,
    0,
  ],
  [
    "sidecars run beside later init containers",
    { containers: [asking("100m")], initContainers: [asking("200m", "0", { restartPolicy: "Always" }), asking("1")] },
    1200,
    0,
  ],
  ["what the pod itself asks goes before", { containers: [asking("100m", "1Gi")], resources: { requests: { cpu: "3" } } }, 3000, 2 ** 30],
  ["overhead is added", { containers: [asking("100m")], overhead: { cpu: "50m" } }, 150, 0],
])("a pod asks for %s", (_what, spec, milliCPU, memory) => {
  expect(requestsOf(pod(spec))).toEqual({ milliCPU, memory });
});

test("pods that have ended ask for nothing", () => {
  expect(requestsOfAll([pod({ containers: [asking("1")] }), pod({ containers: [asking("1")] }, "Succeeded")])).toEqual({
    milliCPU: 1000,
    memory: 0,
  });
});

test("amounts are written as people read them", () => {
  expect([cpuText(1250), cpuText(4000), memoryText(0), memoryText(1536), memoryText(8 * 2 ** 30), memoryText(600 * 2 ** 20)]).toEqual([
    "1.25",
    "4",
    "0",
    "1.5Ki",
    "8Gi",
    "600Mi",
  ]);
  expect([shareText(1, 4), shareText(0, 0)]).toEqual([" (25%)", ""]);
});
