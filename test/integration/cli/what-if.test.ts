import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api, KubeConfig, V1Binding, V1ObjectMeta, V1ObjectReference, Watch } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { pods, serviceAccounts } from "../../../sandbox/api/resources.ts";
import type { Pod, ServiceAccount, TokenRequest } from "../../../sandbox/api/types.ts";
import type { KubeObject } from "../../../sandbox/apimachinery/meta/types.ts";
import { addToKubeconfig } from "../../../sandbox/cli/kubeconfig-file.ts";
import { startCluster, type Cluster } from "../../../sandbox/cluster/cluster.ts";
import type { WhatIf } from "../../../sandbox/cluster/drydock-api/what-if.ts";
import { drydock, type Ended } from "./drydock.ts";

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: app, image: registry.example/app:1, resources: {limits: {cpu: "3"}}}
`;

let home: string;
let cluster: Cluster;
let kubeconfig: string;
let manifest: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "drydock-what-if-"));
  kubeconfig = join(home, "kubeconfig");
  manifest = join(home, "web.yaml");
  await writeFile(manifest, web);
  // The scheduler here is the test's own.
  cluster = await startCluster({ live: true, seed: 3, nodes: ["ann", "bob"], disable: ["scheduler", "dns"], listen: { port: 0 } });
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

const run = (...words: readonly string[]): Promise<Ended> => drydock(home, ...words, "--kubeconfig", kubeconfig);
const whatIf = async (...words: readonly string[]): Promise<WhatIf> => {
  const { stdout, stderr } = await run("what-if", ...words, "-o", "json");
  expect(stderr).toBe("");
  return JSON.parse(stdout) as WhatIf;
};

describe("drydock what-if", { timeout: 60_000 }, () => {
  test("says where each replica would go, and changes nothing", async () => {
    const { placements, sentence } = await whatIf("-f", manifest);
    expect(placements.map(({ node }) => node).sort()).toEqual(["ann", "bob"]);
    expect(sentence).toBe("2 of 2 pods would be placed: 1 on ann, 1 on bob.");
    expect(cluster.pods("app=web")).toEqual([]);
  });

  test("says what would stay pending, and why, and fails then", async () => {
    const { code, stdout } = await run("what-if", "-f", manifest, "--replicas", "3");
    expect(code).toBe(1);
    expect(stdout).toContain("2 of 3 pods would be placed: 1 on ann, 1 on bob; 1 would stay pending.");
    expect(stdout).toContain("Insufficient cpu");
  });

  test("counts nodes that would be added, and leaves out those that would be drained", async () => {
    const more = await whatIf("-f", manifest, "--replicas", "4", "--add-nodes", "1:cpu=8,memory=32Gi");
    expect(more.placements.map(({ node }) => node).sort()).toEqual(["ann", "bob", "new-1", "new-1"]);
    const fewer = await whatIf("-f", manifest, "--replicas", "1", "--drain", "ann");
    expect(fewer.placements.map(({ node }) => node)).toEqual(["bob"]);
  });

  test("what cannot be understood is refused", async () => {
    expect(await run("what-if", "-f", manifest, "--add-nodes", "many")).toMatchObject({ code: 2 });
    expect(await run("what-if", "--drain", "nobody")).toMatchObject({ code: 1, stderr: 'drydock: drain: there is no node "nobody"\n' });
  });
});

test("a scheduler of somebody else's binds pods where ours does not run", { timeout: 60_000 }, async () => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const watch = await new Watch(config).watch(
    "/api/v1/pods",
    { fieldSelector: "spec.nodeName=" },
    (type, pod: Pod) => {
      if (type !== "ADDED") return;
      const { name = "", namespace = "" } = pod.metadata;
      const body = Object.assign(new V1Binding(), {
        metadata: Object.assign(new V1ObjectMeta(), { name }),
        target: Object.assign(new V1ObjectReference(), { apiVersion: "v1", kind: "Node", name: "bob" }),
      });
      void api.createNamespacedPodBinding({ name, namespace, body });
    },
    () => undefined,
  );
  await cluster.client.create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "theirs", namespace: "default" },
    spec: { schedulerName: "theirs", containers: [{ name: "app", image: "registry.example/app:1" }] },
  });
  expect((await run("clock", "until", "pod/theirs", "jsonpath={.status.phase}=Running", "--limit", "1m")).code).toBe(0);
  watch.abort();
  expect(cluster.pods().find(({ metadata }) => metadata.name === "theirs")?.spec.nodeName).toBe("bob");
  const { stdout } = await run("explain", "scheduling", "pod/theirs");
  expect(stdout).toContain(
    'default/theirs is on bob, and how it came there is not known; were it placed now: default/theirs is left to the scheduler "theirs"',
  );
});

test("of a cluster that serves no such group, one snapshot is read with the rights of a reader", { timeout: 60_000 }, async () => {
  const rbac = "rbac.authorization.k8s.io";
  const applied: readonly object[] = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "reader", namespace: "default" } },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name: "reader" },
      rules: [
        {
          apiGroups: ["", "apps", "policy", "storage.k8s.io", "scheduling.k8s.io", "resource.k8s.io"],
          resources: ["*"],
          verbs: ["get", "list"],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "reader" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "reader" },
      subjects: [{ kind: "ServiceAccount", name: "reader", namespace: "default" }],
    },
  ];
  await cluster.apply(...(applied as readonly KubeObject[]));
  const { status } = await cluster.client.post<ServiceAccount, TokenRequest>(
    serviceAccounts,
    { namespace: "default", name: "reader" },
    "token",
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    },
  );
  const config = parse(await readFile(kubeconfig, "utf8")) as { users: { user: object }[] };
  config.users[0]!.user = { token: status?.token };
  const file = join(home, "reader");
  await writeFile(file, stringify(config));
  const { placements } = JSON.parse((await drydock(home, "what-if", "-f", manifest, "-o", "json", "--kubeconfig", file)).stdout) as WhatIf;
  expect(placements.map(({ node }) => node).sort()).toEqual(["ann", "bob"]);
  const explained = await drydock(home, "explain", "scheduling", "pod/theirs", "--kubeconfig", file);
  expect(explained.stdout).toContain("default/theirs is on bob");
});
