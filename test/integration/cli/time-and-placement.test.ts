import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodes, pods } from "../../../sandbox/api/resources.ts";
import type { Pod } from "../../../sandbox/api/types.ts";
import { addToKubeconfig } from "../../../sandbox/cli/kubeconfig-file.ts";
import type { ClockObject } from "../../../sandbox/cluster/drydock-api/clock.ts";
import type { PodScheduling } from "../../../sandbox/cluster/drydock-api/pod-scheduling.ts";
import { startCluster, type Cluster } from "../../../sandbox/cluster/cluster.ts";
import { drydock } from "./drydock.ts";

const aPod = (name: string, spec: Partial<Pod["spec"]> = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "app", image: "registry.example/app:1" }], ...spec },
});

const asking = (cpu: string): Partial<Pod["spec"]> => ({
  containers: [{ name: "app", image: "registry.example/app:1", resources: { requests: { cpu } } }],
});

let home: string;
let cluster: Cluster;
let kubeconfig: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "drydock-cli-"));
  kubeconfig = join(home, "kubeconfig");
  cluster = await startCluster({ live: true, seed: 3, nodes: ["ann", "bob"], listen: { port: 0 } });
  const { ca, admin } = cluster.controlPlane.pki;
  await addToKubeconfig(kubeconfig, "test", {
    server: cluster.url ?? "",
    certificateAuthority: ca.certificate,
    clientCertificate: admin.certificate,
    clientKey: admin.key,
  });
}, 30_000);
afterAll(async () => {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
});

const run = (...words: readonly string[]) => drydock(home, ...words, "--kubeconfig", kubeconfig);
const clockAfter = async (...words: readonly string[]): Promise<ClockObject> => {
  const { stdout, stderr } = await run("clock", ...words, "-o", "json");
  expect(stderr).toBe("");
  return JSON.parse(stdout) as ClockObject;
};
const explained = async (name: string): Promise<PodScheduling> =>
  JSON.parse((await run("explain", "scheduling", `pod/${name}`, "-o", "json")).stdout) as PodScheduling;

describe("drydock explain scheduling", { timeout: 60_000 }, () => {
  test("says why a pod is where it is, with every plugin's verdict and score for every node", async () => {
    await cluster.client.create(pods, aPod("web"));
    expect((await run("clock", "until", "pod/web", "condition=PodScheduled")).code).toBe(0);
    const { sentence, basis, node, rows } = await explained("web");
    expect(basis).toBe("decision");
    expect(sentence).toContain(`default/web goes to ${node ?? ""}`);
    expect(cluster.pods().find(({ metadata }) => metadata.name === "web")?.spec.nodeName).toBe(node);
    expect(rows.map((row) => row.node).sort()).toEqual(["ann", "bob"]);
    for (const { scores, total } of rows) expect(scores.reduce((sum, { weighted }) => sum + weighted, 0)).toBe(total);
    expect((await run("explain", "scheduling", "pod/web")).stdout).toMatch(/NODE +VERDICT +TOTAL +WHY/);
  });

  test("each suggestion that it makes is true: who follows it sees the pod placed", async () => {
    await cluster.client.update(nodes, { ...(await cluster.client.get(nodes, { name: "bob" })), spec: { unschedulable: true } });
    const waits = { ...asking("6"), nodeSelector: { disk: "fast" } };
    await cluster.client.create(pods, aPod("big", waits));
    await cluster.settle();
    const { suggestions, sentence } = await explained("big");
    expect(sentence).toContain("default/big does not fit any of 2 nodes");
    expect(suggestions.length).toBeGreaterThan(0);
    for (const { node, changedNode, changedPod } of suggestions) {
      const before = await cluster.client.get(nodes, { name: node });
      if (changedNode) {
        const { metadata, spec, status } = changedNode;
        const current = { ...before, spec, metadata: { ...before.metadata, labels: metadata.labels } };
        const updated = await cluster.client.update(nodes, current);
        await cluster.client.updateStatus(nodes, { ...updated, status });
      }
      const tried = { ...aPod("tried", waits), ...(changedPod && { spec: changedPod.spec }) };
      await cluster.client.create(pods, tried);
      await cluster.settle();
      expect(cluster.pods().find(({ metadata }) => metadata.name === "tried")?.spec.nodeName).toBe(node);
      await cluster.client.delete(pods, { namespace: "default", name: "tried" }, { gracePeriodSeconds: 0 });
      const now = await cluster.client.get(nodes, { name: node });
      const back = await cluster.client.update(nodes, {
        ...now,
        spec: before.spec,
        metadata: { ...now.metadata, labels: before.metadata.labels },
      });
      await cluster.client.updateStatus(nodes, { ...back, status: before.status });
    }
    await cluster.client.update(nodes, { ...(await cluster.client.get(nodes, { name: "bob" })), spec: {} });
  });

  test("of a pod that is not there it says so, and fails", async () => {
    expect(await run("explain", "scheduling", "pod/nobody")).toMatchObject({ code: 1, stderr: 'drydock: pods "nobody" not found\n' });
  });
});

describe("drydock clock", { timeout: 60_000 }, () => {
  test("stops time, and lets it go on at the speed it had", async () => {
    expect((await clockAfter("speed", "4")).speed).toBe(4);
    expect(await clockAfter("pause")).toMatchObject({ speed: 0, paused: true });
    expect((await clockAfter()).now).toBe((await clockAfter()).now);
    expect(await clockAfter("resume")).toMatchObject({ speed: 4, paused: false });
    await clockAfter("speed", "1");
  });

  test("a node dies, and minutes later in seconds it is not ready and its pods are evicted", async () => {
    const { nodeName = "" } = cluster.pods().find(({ metadata }) => metadata.name === "web")!.spec;
    await cluster.crash(nodeName);
    expect((await run("clock", "until", `node/${nodeName}`, "condition=Ready=Unknown")).code).toBe(0);
    const before = Date.parse((await clockAfter()).now);
    const after = Date.parse((await clockAfter("advance", "6m")).now);
    expect(after - before).toBeGreaterThanOrEqual(360_000);
    expect(cluster.pods().find(({ metadata }) => metadata.name === "web")?.metadata.deletionTimestamp).toBeDefined();
  });

  test("what does not come within the limit is a failure, and what is no condition is refused", async () => {
    expect((await run("clock", "until", "pod/never", "create", "--limit", "1m")).code).toBe(1);
    expect(await run("clock", "until", "pod/never", "shines")).toMatchObject({ code: 1 });
    expect(await run("clock", "advance", "soon")).toMatchObject({ code: 1 });
    expect(await run("clock", "backwards")).toMatchObject({ code: 2 });
  });
});
