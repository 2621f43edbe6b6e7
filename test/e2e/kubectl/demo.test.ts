import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../support/steps.ts";
import { startCluster, type Cluster } from "./cluster.ts";

const demo = join(root, "test/demo/workspace");
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster("--nodes", "3");
});
afterAll(() => cluster[Symbol.asyncDispose]());

test("kubectl finds the server and its nodes", async () => {
  expect(await cluster.ok("version", "-o", "json")).toMatch(/"gitVersion": "v1\.\d+/);
  expect(
    (await cluster.ok("get", "nodes", "--no-headers"))
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/, 2).join(" ")),
  ).toEqual(["node-1 Ready", "node-2 Ready", "node-3 Ready"]);
});

test("kubectl apply creates what a manifest names, validated by the server's own OpenAPI", async () => {
  const out = await cluster.ok("apply", "-f", join(demo, "ballot"));
  expect(out.trim().split("\n")).toHaveLength(10);
  expect(out).toContain("deployment.apps/booth created");
});

test("Deployments roll out, StatefulSets too", async () => {
  expect(await cluster.ok("rollout", "status", "deployment/booth", "-n", "ballot", "--timeout=40s")).toContain("successfully rolled out");
  await cluster.ok("rollout", "status", "statefulset/store", "-n", "ballot", "--timeout=40s");
  expect(await cluster.ok("get", "pods", "-n", "ballot", "-o", "jsonpath={.items[*].status.phase}")).toBe(
    Array(8).fill("Running").join(" "),
  );
});

test("kubectl apply of the same manifest changes nothing; stringData alone is sent again, for nobody can read it back", async () => {
  const out = await cluster.ok("apply", "-f", join(demo, "ballot"));
  expect(
    out
      .trim()
      .split("\n")
      .filter((line) => !line.endsWith(" unchanged")),
  ).toEqual(["secret/store configured"]);
});

test("kubectl diff shows what would change, and exits with 1", async () => {
  const live = await cluster.ok("get", "configmap/question", "-n", "ballot", "-o", "yaml");
  const { code, out } = await cluster.kubectl(["diff", "-f", "-"], live.replace("Tea or coffee?", "Cake?"));
  expect(code).toBe(1);
  expect(out).toMatch(/^-\s+question: Tea or coffee\?$/m);
});

test("scaling down leaves fewer pods", async () => {
  await cluster.ok("scale", "deployment/booth", "-n", "ballot", "--replicas=1");
  await cluster.ok("wait", "deployment/booth", "-n", "ballot", "--for=jsonpath={.status.replicas}=1", "--timeout=30s");
});

test("a pod that no node can take waits, and its events say why", async () => {
  await cluster.ok("apply", "-f", join(demo, "too-big.yaml"));
  await cluster.ok("wait", "pod/too-big", "--for=jsonpath={.status.conditions[0].reason}=Unschedulable", "--timeout=20s");
  expect(await cluster.ok("describe", "pod", "too-big")).toContain("0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient memory.");
});

test("what is wrong is refused in Kubernetes' words", async () => {
  const { code, err } = await cluster.kubectl(["apply", "-f", join(demo, "mistakes.yaml")]);
  expect(code).toBe(1);
  expect(err).toContain('strict decoding error: unknown field "spec.template.spec.containers[0].imagee"');
});

test("Jobs complete", async () => {
  await cluster.ok("apply", "-f", join(demo, "nightly-report.yaml"));
  await cluster.ok("wait", "job/migrate", "--for=condition=complete", "--timeout=40s");
});

test("deleting a namespace takes what is in it along", async () => {
  await cluster.ok("delete", "namespace", "ballot", "--timeout=40s");
  expect((await cluster.kubectl(["get", "deployments", "-n", "ballot"])).err).toContain("No resources found");
});
