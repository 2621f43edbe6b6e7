import { expect, test } from "vitest";
import { Bench, pod } from "../../bench.ts";
import type { PodLike } from "./check.ts";
import { inDetail, violationsOf } from "./evaluate.ts";
import { policyOf } from "./policy.ts";

const container = (securityContext: object, rest: object = {}) => ({ name: "c", image: "x", securityContext, ...rest });
const like = (spec: object, annotations: Readonly<Record<string, string>> = {}) =>
  ({ metadata: { annotations }, spec: { containers: [container({})], ...spec } }) as PodLike;

const keeping = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

test.each([
  ["nothing special", {}, ""],
  [
    "privileged",
    { containers: [container({ privileged: true })] },
    'privileged (container "c" must not set securityContext.privileged=true)',
  ],
  ["the host's namespaces", { hostNetwork: true, hostPID: true }, "host namespaces (hostNetwork=true, hostPID=true)"],
  [
    "the host's ports",
    { containers: [container({}, { ports: [{ containerPort: 1, hostPort: 80 }] })] },
    'hostPort (container "c" uses hostPort 80)',
  ],
  ["the host's files", { volumes: [{ name: "v", hostPath: { path: "/" } }] }, 'hostPath volumes (volume "v")'],
  [
    "a capability",
    { containers: [container({ capabilities: { add: ["NET_ADMIN", "CHOWN"] } })] },
    'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add)',
  ],
  ["a sysctl", { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }, "forbidden sysctls (kernel.msgmax)"],
  [
    "no seccomp",
    { securityContext: { seccompProfile: { type: "Unconfined" } } },
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  ["a probe of another host", { containers: [container({}, { livenessProbe: { httpGet: { host: "h", port: 1 } } })] }, ""],
])("the baseline judges a pod with %s", (_case, spec, words) => {
  expect(inDetail(violationsOf(like(spec), { level: "baseline" }, 32))).toBe(words);
});

test("the restricted level wants a pod to say that it wants little", () => {
  expect(inDetail(violationsOf(like({}), { level: "restricted" }, 32))).toBe(
    [
      'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false)',
      'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"])',
      'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)',
      'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ].join(", "),
  );
  expect(violationsOf(like({ containers: [container(keeping)] }), { level: "restricted" }, 32)).toEqual([]);
});

test("an older version of the standards asks for less", () => {
  expect(violationsOf(like({ containers: [container({ ...keeping, runAsUser: 0 })] }), { level: "restricted", minor: 22 }, 32)).toEqual([]);
});

test("probes of other hosts are refused from 1.34 on", () => {
  const probing = like({ containers: [container({}, { livenessProbe: { httpGet: { host: "h", port: 1 } } })] });
  expect(inDetail(violationsOf(probing, { level: "baseline" }, 36))).toBe(
    'probe or lifecycle host (container "c" uses probe or lifecycle host "h")',
  );
});

test("labels that nobody understands enforce the strictest", () => {
  const { policy, errors } = policyOf({ "pod-security.kubernetes.io/enforce": "odd", "pod-security.kubernetes.io/warn": "odd" });
  expect(policy).toMatchObject({ enforce: { level: "restricted" }, warn: { level: "privileged" } });
  expect(errors.map(({ field, detail }) => `${field}: ${detail}`)).toEqual([
    "metadata.labels[pod-security.kubernetes.io/enforce]: must be one of privileged, baseline, restricted",
    "metadata.labels[pod-security.kubernetes.io/warn]: must be one of privileged, baseline, restricted",
  ]);
});

test("a namespace enforces on pods, and warns of controllers", async () => {
  await using bench = await Bench.start();
  const labels = { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted" };
  await bench.create("namespaces", { metadata: { name: "strict", labels } });
  await bench.create("serviceaccounts", { metadata: { name: "default" } }, { namespace: "strict" });
  const refusal = await bench.refusal({
    verb: "create",
    resource: "pods",
    namespace: "strict",
    object: pod("p", { hostPID: true }),
  });
  expect(refusal.message).toBe('pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)');
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "x" }] } };
  const spec = { selector: { matchLabels: { app: "web" } }, template };
  const result = await bench.perform({
    verb: "create",
    group: "apps",
    resource: "deployments",
    namespace: "strict",
    object: { metadata: { name: "web" }, spec },
  });
  expect(result.warnings?.[0]).toMatch(/^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation/);
});

test("who tightens a namespace hears of the pods that would not be let in again", async () => {
  await using bench = await Bench.start();
  for (const name of ["a", "b"]) await bench.create("pods", pod(name, { hostNetwork: true }));
  const body = { metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } };
  const result = await bench.perform({ verb: "patch", resource: "namespaces", name: "shop", patch: { type: "merge", body } });
  expect(result.warnings).toEqual([
    'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"',
    "a (and 1 other pod): host namespaces",
  ]);
});
