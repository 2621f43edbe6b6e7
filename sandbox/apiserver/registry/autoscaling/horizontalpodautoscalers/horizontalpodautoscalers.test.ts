import { expect, test } from "vitest";
import { judgeNew, type Given } from "../../testing/judge.ts";

const autoscaler = (spec: object = {}): Given => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, ...spec },
});

test("Without a metric, pods shall use four fifths of their cpu", () => {
  expect(judgeNew(autoscaler()).object).toMatchObject({
    spec: {
      minReplicas: 1,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
    },
  });
});

test("Rules for one direction bring those for the other", () => {
  const { object } = judgeNew(autoscaler({ behavior: { scaleUp: { stabilizationWindowSeconds: 60 } } }));
  expect(object).toMatchObject({
    spec: {
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 60,
          selectPolicy: "Max",
          policies: [
            { type: "Pods", value: 4 },
            { type: "Percent", value: 100 },
          ],
        },
        scaleDown: { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] },
      },
    },
  });
});

test.each<[string, object, string[]]>([
  [
    "The most is not less than the least",
    { minReplicas: 6 },
    ["spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`"],
  ],
  [
    "Nothing runs on no pods yet",
    { minReplicas: 0 },
    [
      "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
      "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
    ],
  ],
  [
    "What is scaled has a kind and a name",
    { scaleTargetRef: {} },
    ["spec.scaleTargetRef.kind: Required value", "spec.scaleTargetRef.name: Required value"],
  ],
])("%s", (_, spec, expected) => {
  expect(judgeNew(autoscaler(spec)).errors).toEqual(expected);
});
