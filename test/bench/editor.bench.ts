import type { KubeObject } from "../../sandbox/index.ts";
import type { Collection } from "../../extension/cluster/client/collection.ts";
import { Connection } from "../../extension/cluster/connection.ts";
import { nodesView } from "../../extension/views/nodes/nodes.ts";
import type { Row } from "../../extension/views/row.ts";
import { workloadsView } from "../../extension/views/workloads/workloads.ts";
import { duration, percentile, type Bench } from "./bench.ts";

const nodes = 100;
const perNode = 50;

const pod = (index: number): KubeObject => {
  const spec = {
    nodeName: `node-${index % nodes}`,
    containers: [{ name: "app", image: "nginx", resources: { requests: { cpu: "50m", memory: "64Mi" } } }],
  };
  const status = { phase: "Running", containerStatuses: [{ name: "app", ready: true, restartCount: 0, state: { running: {} } }] };
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: `set-${index % 25}`, controller: true };
  return {
    metadata: { name: `web-${index}`, namespace: "shop", uid: `pod-${index}`, resourceVersion: "1", ownerReferences: [owner] },
    spec,
    status,
  } as KubeObject;
};
const set = (index: number): KubeObject =>
  ({
    metadata: {
      name: `web-${index}`,
      namespace: "shop",
      uid: `set-${index}`,
      ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: `web-${index}`, controller: true }],
    },
    spec: { replicas: 200 },
  }) as KubeObject;
const deployment = (index: number): KubeObject =>
  ({ metadata: { name: `web-${index}`, namespace: "shop", uid: `web-${index}` }, spec: { replicas: 200 } }) as KubeObject;
const node = (index: number): KubeObject =>
  ({
    metadata: { name: `node-${index}`, uid: `node-${index}` },
    spec: {},
    status: { allocatable: { cpu: "4", memory: "8Gi" }, conditions: [{ type: "Ready", status: "True" }] },
  }) as KubeObject;

const many = (count: number, make: (index: number) => KubeObject) => Array.from({ length: count }, (_, index) => make(index));

/** What VS Code asks for when a tree is refreshed with ten of its lines unfolded. */
const refresh = (rows: readonly Row[]): number => {
  const unfolded = rows.flatMap((row) => (row.open ? row.children!() : [row])).slice(0, 10);
  return unfolded.flatMap((row) => row.children?.() ?? []).length;
};

const run: Bench["run"] = async () => {
  const connection = new Connection("", { server: "https://127.0.0.1:1", namespace: "default" });
  const hold = (collection: unknown, objects: readonly KubeObject[]) => (collection as Collection<KubeObject>).replace(objects);
  hold(connection.nodes, many(nodes, node));
  hold(connection.pods, many(nodes * perNode, pod));
  hold(connection.replicaSets, many(25, set));
  hold(connection.deployments, many(25, deployment));
  const took = (view: typeof nodesView) =>
    percentile(
      Array.from({ length: 50 }, () => {
        const started = performance.now();
        refresh(view.rows(connection));
        return performance.now() - started;
      }),
      95,
    );
  const rows = [
    duration("refresh of the Nodes view, 100 nodes, 5,000 pods, p95", took(nodesView), 16),
    duration("refresh of the Workloads view, 5,000 pods, p95", took(workloadsView), 16),
  ];
  connection.dispose();
  return rows;
};

export const bench: Bench = { name: "views in the editor", run };
