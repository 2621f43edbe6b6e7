import { expect, test } from "vitest";
import { judgeChange, judgeNew, type Given } from "../testing/judge.ts";

const claim = (spec: object = {}): Given => ({
  kind: "PersistentVolumeClaim",
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
});
const volume = (spec: object = {}): Given => ({
  kind: "PersistentVolume",
  spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" }, ...spec },
});

test.each<[string, Given, string[]]>([
  [
    "A ConfigMap has keys that files can have",
    { kind: "ConfigMap", data: { "a b": "" } },
    [
      "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    "A ConfigMap has a key once",
    { kind: "ConfigMap", data: { a: "1" }, binaryData: { a: "MQ==" } },
    ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  ],
  [
    "A Secret of docker's has its file",
    { kind: "Secret", type: "kubernetes.io/dockerconfigjson" },
    ["data[.dockerconfigjson]: Required value"],
  ],
  [
    "A Secret for basic authentication has a user or a password",
    { kind: "Secret", type: "kubernetes.io/basic-auth" },
    ["data[username]: Required value", "data[password]: Required value"],
  ],
  [
    "A Secret for TLS has both of its files",
    { kind: "Secret", type: "kubernetes.io/tls", data: { "tls.crt": "" } },
    ["data[tls.key]: Required value"],
  ],
  [
    "A LimitRange's smallest is no more than its largest",
    { kind: "LimitRange", spec: { limits: [{ type: "Pod", min: { cpu: "2" }, max: { cpu: "1" } }] } },
    ['spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'],
  ],
  ["A LimitRange without limits says nothing wrong", { kind: "LimitRange", spec: {} }, []],
  [
    "A ResourceQuota counts what there is",
    { kind: "ResourceQuota", spec: { hard: { pods: "-1" } } },
    ['spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    "A claim says how much it wants, and how",
    { kind: "PersistentVolumeClaim", spec: {} },
    ["spec.accessModes: Required value: at least 1 access mode is required", "spec.resources[storage]: Required value"],
  ],
  ["A volume is stored somewhere", volume({ hostPath: undefined }), ["spec: Required value: must specify a volume type"]],
  [
    "A volume on the node's root is not recycled",
    volume({ hostPath: { path: "/" }, persistentVolumeReclaimPolicy: "Recycle" }),
    ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  ],
  [
    "A node's taints differ in key or effect",
    {
      kind: "Node",
      spec: {
        taints: [
          { key: "a", effect: "NoSchedule" },
          { key: "a", effect: "NoSchedule" },
        ],
      },
    },
    ['metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule"}: taints must be unique by key and effect pair'],
  ],
])("%s", (_, given, expected) => {
  expect(judgeNew(given).errors).toEqual(expected);
});

test("An immutable ConfigMap stays as it is", () => {
  const before = { kind: "ConfigMap", immutable: true, data: { a: "1" } };
  expect(judgeChange(before, { ...before, data: { a: "2" } }).errors).toEqual([
    "data: Forbidden: field is immutable when `immutable` is set",
  ]);
  expect(judgeChange(before, { ...before, immutable: false }).errors).toEqual([
    "immutable: Forbidden: field is immutable when `immutable` is set",
  ]);
});

test("A Secret keeps its type", () => {
  const [error] = judgeChange({ kind: "Secret" }, { kind: "Secret", type: "shop.example/key" }).errors;
  expect(error).toBe('type: Invalid value: "shop.example/key": field is immutable');
});

test("A claim that is not bound keeps its size", () => {
  const larger = claim({ resources: { requests: { storage: "2Gi" } } });
  expect(judgeChange(claim(), larger).errors).toEqual([
    expect.stringMatching(
      /^spec: Forbidden: spec is immutable after creation except resources\.requests and volumeAttributesClassName for bound claims\n/,
    ),
  ]);
  const bound = { ...claim(), status: { phase: "Bound", capacity: { storage: "1Gi" } } };
  expect(judgeChange(bound, larger).errors).toEqual([]);
});

test("A namespace holds a finalizer until its contents are gone", () => {
  expect(judgeNew({ kind: "Namespace" }).object).toMatchObject({ spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } });
});
