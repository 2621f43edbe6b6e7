import { startCluster } from "../../sandbox/cluster/cluster.ts";
import { duration, type Bench, type Row } from "./bench.ts";
import { startEngine, type Engine } from "./engine.ts";

const memory = (work: string, mebibytes: number, most: number): Row => ({
  work,
  result: `${mebibytes.toFixed(0)} MiB`,
  target: `≤ ${String(most)} MiB`,
  reached: mebibytes <= most,
});

/** When the line that `wanted` accepts has come. */
const until = (
  engine: Engine,
  path: string,
  wanted: (object: { readonly spec?: { readonly nodeName?: string }; readonly status?: { readonly phase?: string } }) => boolean,
): Promise<void> =>
  new Promise((resolve) => {
    void engine.stream(path, (line) => {
      if (wanted((JSON.parse(line) as { readonly object: Parameters<typeof wanted>[0] }).object)) resolve();
    });
  });

const starting = async (): Promise<Row[]> => {
  const first = await startEngine();
  const rows = [duration("process start to ready, new certificates", first.startedIn, 600)];
  await first.stop();
  const began = performance.now();
  const engine = await startEngine("--nodes", "1");
  const watch = "/api/v1/namespaces/default/pods?watch=true";
  const bound = until(engine, watch, ({ spec }) => spec?.nodeName !== undefined).then(() => performance.now() - began);
  const running = until(engine, watch, ({ status }) => status?.phase === "Running").then(() => performance.now() - began);
  for (;;) {
    try {
      await engine.call("POST", "/api/v1/namespaces/default/pods", {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "first" },
        spec: { containers: [{ name: "main", image: "nginx" }] },
      });
      break;
    } catch {
      // The namespace's ServiceAccount is a controller's work, and may be a moment away.
    }
  }
  rows.push(
    duration("process start to a created pod is bound", await bound, 500),
    duration("process start to a pod is Running", await running, 600),
    memory("resident memory, idle, one node", engine.memory(), 110),
  );
  await engine.stop();
  return rows;
};

const deployment = async (replicas: number, most: number): Promise<Row> => {
  const cluster = await startCluster({ seed: 1, live: true, nodes: Math.ceil(replicas / 100) + 1 });
  try {
    const began = performance.now();
    await cluster.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: {
        replicas,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "nginx" }] } },
      },
    } as Parameters<typeof cluster.apply>[0]);
    while (cluster.pods("app=web").filter(({ status }) => status?.phase === "Running").length < replicas) await cluster.clock.sleep(20);
    return duration(`a Deployment of ${replicas.toLocaleString("en")} until all pods are Running`, performance.now() - began, most);
  } finally {
    await cluster.stop();
  }
};

const virtualDay = async (): Promise<Row> => {
  const cluster = await startCluster({ seed: 1, nodes: 100 });
  try {
    await cluster.settle();
    const began = performance.now();
    await cluster.advance("24h");
    return duration("24 hours of virtual time, 100 idle nodes", performance.now() - began, 5000);
  } finally {
    await cluster.stop();
  }
};

const selfHealing = async (): Promise<Row> => {
  const cluster = await startCluster({ seed: 1, nodes: 100 });
  try {
    await cluster.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: {
        replicas: 1000,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "nginx" }] } },
      },
    } as Parameters<typeof cluster.apply>[0]);
    await cluster.advance("1m");
    await cluster.crash("node-1");
    const began = performance.now();
    await cluster.advance("6m");
    return duration("a node dies, 6 minutes pass: 100 nodes, 1,000 pods", performance.now() - began, 1000);
  } finally {
    await cluster.stop();
  }
};

export const bench: Bench = {
  name: "the cluster as a whole",
  run: async () => [...(await starting()), await deployment(1000, 1000), await virtualDay(), await selfHealing()],
};
