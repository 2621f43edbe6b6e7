import { duration, percentile, rate, type Bench, type Row } from "./bench.ts";
import { concurrently, startEngine, type Engine } from "./engine.ts";

const base = "/api/v1/namespaces/default";
const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { mode: "fast", size: "3" } });

/** A pod of about 2.5 kB. */
const pod = (name: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: "web", tier: "front" }, annotations: { note: "x".repeat(600) } },
  spec: {
    containers: [
      {
        name: "main",
        image: "example.com/web:1",
        env: Array.from({ length: 8 }, (_, at) => ({ name: `VARIABLE_${String(at)}`, value: "value" })),
        resources: { requests: { cpu: "10m", memory: "16Mi" } },
      },
    ],
  },
});

const reads = async (engine: Engine): Promise<Row[]> => {
  await engine.call("POST", `${base}/serviceaccounts`, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } });
  await concurrently(32, 1000, (index) => engine.call("POST", `${base}/pods`, pod(`p-${String(index)}`)));
  const get = (connections: number, count: number) =>
    concurrently(connections, count, (index) => engine.call("GET", `${base}/pods/p-${String(index % 1000)}`));
  const list = (connections: number, count: number) => concurrently(connections, count, () => engine.call("GET", `${base}/pods`));
  await get(32, 2000);
  await list(4, 20);
  return [
    rate("GET pod, 1 connection", 1500, await get(1, 1500), 2415),
    rate("GET pod, 32 connections", 6000, await get(32, 6000), 10_359),
    rate("LIST 1,000 pods, 1 connection", 60, await list(1, 60), 312),
    rate("LIST 1,000 pods, 32 connections", 120, await list(32, 120), 462),
  ];
};

const writes = async (engine: Engine): Promise<Row[]> => {
  const create = (prefix: string) => (index: number) => engine.call("POST", `${base}/configmaps`, configMap(`${prefix}-${String(index)}`));
  await concurrently(32, 1000, create("warm"));
  const one = await concurrently(1, 800, create("one"));
  const many = await concurrently(32, 5000, create("many"));
  const patched = await concurrently(1, 800, (index) =>
    engine.call("PATCH", `${base}/configmaps/one-${String(index)}`, { data: { size: String(index) } }, "application/merge-patch+json"),
  );
  return [
    rate("CREATE ConfigMap acknowledged durable, 1 connection", 800, one, 1590),
    rate("CREATE ConfigMap acknowledged durable, 32 connections", 5000, many, 5859),
    rate("PATCH ConfigMap, 1 connection", 800, patched, 1398),
  ];
};

const watching = async (engine: Engine): Promise<Row[]> => {
  const sent = new Map<string, number>();
  const latencies: number[] = [];
  const { metadata } = JSON.parse((await engine.call("GET", `${base}/configmaps?limit=1`)).toString("utf8")) as {
    readonly metadata: { readonly resourceVersion: string };
  };
  const seen = new Promise<void>((resolve) => {
    void engine.stream(`${base}/configmaps?watch=true&resourceVersion=${metadata.resourceVersion}`, (line) => {
      const { object } = JSON.parse(line) as { readonly object: { readonly metadata: { readonly name: string } } };
      const at = sent.get(object.metadata.name);
      if (at !== undefined) latencies.push(performance.now() - at);
      if (latencies.length === 500) resolve();
    });
  });
  for (let index = 0; index < 500; index++) {
    const name = `watched-${String(index)}`;
    sent.set(name, performance.now());
    await engine.call("POST", `${base}/configmaps`, configMap(name));
  }
  await seen;
  return [
    duration("create to watch event, p50", percentile(latencies, 50), 1.05),
    duration("create to watch event, p99", percentile(latencies, 99), 2.8),
  ];
};

const measure = async (): Promise<readonly Row[]> => {
  const engine = await startEngine("--disable", "scheduler,controller-manager,kubelet");
  try {
    return [...(await reads(engine)), ...(await writes(engine)), ...(await watching(engine))];
  } finally {
    await engine.stop();
  }
};

export const bench: Bench = { name: "API over HTTPS, on disk, client on the same cores", run: measure };
