import { describe, expect, test } from "vitest";
import { judgeChange, judgeNew, type Given } from "../../testing/judge.ts";
import { firstOverlap, parseIndexes } from "./indexes.ts";

const template = (spec: object = {}) => ({
  spec: { containers: [{ name: "work", image: "shop/sums:1" }], restartPolicy: "Never", ...spec },
});
const job = (spec: object = {}, metadata: Record<string, unknown> = {}): Given => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata,
  spec: { template: template(), ...spec },
});

describe("A new Job", () => {
  test("selects its pods by its own uid, and has their labels", () => {
    const labels = {
      "batch.kubernetes.io/controller-uid": "8f1c",
      "batch.kubernetes.io/job-name": "thing",
      "controller-uid": "8f1c",
      "job-name": "thing",
    };
    expect(judgeNew(job()).object).toMatchObject({
      metadata: { labels },
      spec: { selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "8f1c" } }, template: { metadata: { labels } } },
    });
  });

  test.each<[string, object, string[]]>([
    [
      "runs its pods to an end",
      { template: template({ restartPolicy: "Always" }) },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      "counts upwards",
      { parallelism: -1, completions: -2 },
      [
        "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
        "spec.completions: Invalid value: -2: must be greater than or equal to 0",
      ],
    ],
    [
      "knows how many indexes there are",
      { completionMode: "Indexed", parallelism: 2 },
      ["spec.completions: Required value: when completion mode is Indexed"],
    ],
    [
      "gives rules for exit codes in order, and none for success",
      {
        podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [3, 0] } }] },
      },
      [
        "spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator",
        "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []int32{3, 0}: must be ordered",
      ],
    ],
    [
      "gives exit codes at all",
      { podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In" } }] } },
      ["spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []int32(nil): at least one value is required"],
    ],
  ])("%s", (_, spec, expected) => {
    const { errors } = judgeNew(job({ completions: undefined, ...spec }));
    for (const error of expected) expect(errors).toContain(error);
  });
});

test("A Job may be suspended and resized, but keeps its completions", () => {
  const labels = { job: "sums" };
  const own = { manualSelector: true, selector: { matchLabels: labels }, template: { ...template(), metadata: { labels } } };
  const before = job({ ...own, completions: 3 });
  expect(judgeChange(before, job({ ...own, completions: 3, suspend: true, parallelism: 2 })).errors).toEqual([]);
  expect(judgeChange(before, job({ ...own, completions: 4 })).errors).toEqual(["spec.completions: Invalid value: 4: field is immutable"]);
});

test.each<[string, ReturnType<typeof parseIndexes>]>([
  ["", { total: 0 }],
  ["1,3-4", { total: 3 }],
  ["5", { problem: 'too large index: "5"' }],
  ["3,1", { problem: "non-increasing order, previous: 3, current: 1" }],
  ["a", { problem: 'cannot convert string to integer for index: "a"' }],
])("The indexes %j of five are read", (text, expected) => {
  expect(parseIndexes(text, 5)).toEqual(expected);
});

test("An index is not done and lost at once", () => {
  expect(firstOverlap("0-2", "2,4", 5)).toBe(2);
  expect(firstOverlap("0-2", "3,4", 5)).toBeUndefined();
});
