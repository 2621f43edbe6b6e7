import { expect, test } from "vitest";
import { judgeNew } from "../../testing/judge.ts";

test.each<[string, object, string[]]>([
  ["counts what must stay", { minAvailable: "50%" }, []],
  [
    "does not count both ways",
    { minAvailable: 1, maxUnavailable: 1 },
    ['spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set'],
  ],
  [
    "stays below a hundred percent",
    { maxUnavailable: "120%" },
    ['spec.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"120%"}: must not be greater than 100%'],
  ],
])("A PodDisruptionBudget %s", (_, spec, expected) => {
  const { errors } = judgeNew({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", spec });
  expect(errors).toEqual(expected);
});
