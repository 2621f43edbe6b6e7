import { describe, expect, test } from "vitest";
import { judgeChange, judgeNew, type Given } from "../testing/judge.ts";

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [{ name: "app", image: "shop/web:3" }] } };
const workload = (kind: string, spec: object = {}, more: object = {}): Given => ({
  apiVersion: "apps/v1",
  kind,
  spec: { selector: { matchLabels: labels }, template, ...spec },
  ...more,
});

describe.each(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"])("A %s", (kind) => {
  test("is fine with a selector and a template that fits it", () => {
    expect(judgeNew(workload(kind)).errors).toEqual([]);
  });

  test("has a selector", () => {
    // Of a DaemonSet upstream only says that nothing selects nothing.
    const words = kind === "DaemonSet" ? /`selector` does not match template `labels`$/ : /^spec\.selector: Required value$/;
    expect(judgeNew(workload(kind, { selector: undefined })).errors).toContainEqual(expect.stringMatching(words));
  });

  test("selects the pods that it makes", () => {
    const { errors } = judgeNew(workload(kind, { selector: { matchLabels: { app: "shop" } } }));
    expect(errors).toContain(
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`',
    );
  });

  test("keeps its pods running", () => {
    const { errors } = judgeNew(workload(kind, { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } }));
    expect(errors).toContain('spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"');
  });

  test("counts a generation for each change of its spec, and none for one of its status", () => {
    const before = workload(kind);
    const changed = workload(kind, { minReadySeconds: 5 });
    expect(judgeNew(before).object.metadata.generation).toBe(1);
    expect(judgeChange(before, changed).object.metadata.generation).toBe(2);
    expect(judgeChange(before, before).object.metadata.generation).toBe(1);
    expect(judgeChange(before, changed, { subresource: "status" }).object.metadata.generation).toBe(1);
  });

  test("selects the same pods forever", () => {
    const other = { app: "web", tier: "front" };
    const after = workload(kind, { selector: { matchLabels: other }, template: { ...template, metadata: { labels: other } } });
    const { errors } = judgeChange(workload(kind), after);
    if (kind === "StatefulSet") expect(errors[0]).toMatch(/^spec: Forbidden: updates to statefulset spec for fields other than /);
    else expect(errors).toEqual([expect.stringMatching(/^spec\.selector: Invalid value: .*: field is immutable$/)]);
  });
});

test.each<[string, Given, string[]]>([
  [
    "A Deployment replaces some pod at a time",
    workload("Deployment", { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } } }),
    [
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"0%"}: may not be 0 when `maxSurge` is 0',
    ],
  ],
  [
    "A Deployment that recreates has no rolling update",
    workload("Deployment", { strategy: { type: "Recreate", rollingUpdate: {} } }),
    ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  ],
  [
    "A Deployment gives up after pods could have become ready",
    workload("Deployment", { progressDeadlineSeconds: 5, minReadySeconds: 5 }),
    ["spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"],
  ],
  [
    "A StatefulSet begins its pods in a known way",
    workload("StatefulSet", { podManagementPolicy: "Chaotic" }),
    ["spec.podManagementPolicy: Invalid value: \"Chaotic\": must be 'OrderedReady' or 'Parallel'"],
  ],
])("%s", (_, given, expected) => {
  expect(judgeNew(given).errors).toEqual(expected);
});

test("A StatefulSet may change its scale, its template and how it updates, and says so", () => {
  const after = workload("StatefulSet", { serviceName: "other", replicas: 4 });
  expect(judgeChange(workload("StatefulSet", { serviceName: "web" }), after).errors).toEqual([
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
      "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ]);
});

test("A DaemonSet counts the generations of its template in an annotation, which is the server's", () => {
  const before = workload("DaemonSet");
  const key = "deprecated.daemonset.template.generation";
  const changed = workload("DaemonSet", { template: { ...template, metadata: { labels: { ...labels, tier: "front" } } } });
  expect(judgeNew(before).object.metadata.annotations).toEqual({ [key]: "1" });
  expect(judgeChange(before, changed).object.metadata.annotations).toEqual({ [key]: "2" });
  expect(judgeChange(before, workload("DaemonSet", {}, { metadata: { annotations: { [key]: "9" } } })).object.metadata.annotations).toEqual(
    {
      [key]: "1",
    },
  );
});

test("A ControllerRevision keeps its data", () => {
  const revision = (data: unknown): Given => ({ apiVersion: "apps/v1", kind: "ControllerRevision", revision: 1, data });
  expect(judgeNew(revision(undefined)).errors).toEqual(["data: Required value: data is mandatory"]);
  expect(judgeChange(revision({ a: 1 }), revision({ a: 2 })).errors).toEqual([
    expect.stringMatching(/^data: Invalid value: .*: field is immutable$/),
  ]);
});
