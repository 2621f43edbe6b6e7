import { expect, test } from "vitest";
import type { KubeObject } from "../../sandbox/index.ts";
import type { Collection } from "../cluster/client/collection.ts";
import { Connection } from "../cluster/connection.ts";
import { configurationView } from "./configuration/configuration.ts";
import { eventsView } from "./events/events.ts";
import { nodesView } from "./nodes/nodes.ts";
import type { Row } from "./row.ts";
import { servicesView } from "./services/services.ts";
import type { View } from "./view.ts";
import { workloadsView } from "./workloads/workloads.ts";

const owned = (kind: string, name: string) => [{ apiVersion: "v1", kind, name, uid: name, controller: true }];
const object = (
  name: string,
  more: object = {},
  namespace: string | undefined = "shop",
  owner?: readonly [kind: string, name: string],
): KubeObject => ({
  metadata: { name, namespace, uid: name, ...(owner ? { ownerReferences: owned(...owner) } : {}) },
  ...more,
});
const runningPod = (name: string, nodeName: string, owner?: readonly [kind: string, name: string]) =>
  object(
    name,
    {
      spec: { nodeName, containers: [{ name: "app", image: "nginx", resources: { requests: { cpu: "500m", memory: "1Gi" } } }] },
      status: {
        phase: "Running",
        containerStatuses: [{ name: "app", ready: true, restartCount: name === "web-1-b" ? 2 : 0, state: { running: {} } }],
      },
    },
    "shop",
    owner,
  );

const held: Readonly<Record<string, readonly KubeObject[]>> = {
  nodes: [
    object(
      "ann",
      { spec: {}, status: { allocatable: { cpu: "4", memory: "8Gi" }, conditions: [{ type: "Ready", status: "True" }] } },
      undefined,
    ),
    object("bob", { spec: { unschedulable: true } }, undefined),
  ],
  pods: [
    runningPod("web-1-a", "ann", ["ReplicaSet", "web-1"]),
    runningPod("web-1-b", "ann", ["ReplicaSet", "web-1"]),
    object("lonely", { spec: { containers: [] }, status: { phase: "Pending" } }),
  ],
  deployments: [object("web", { spec: { replicas: 2 }, status: { readyReplicas: 2, updatedReplicas: 2 } })],
  replicaSets: [
    object("web-0", {
      spec: { replicas: 0 },
      metadata: {
        name: "web-0",
        namespace: "shop",
        uid: "web-0",
        ownerReferences: owned("Deployment", "web"),
        annotations: { "deployment.kubernetes.io/revision": "1" },
      },
    }),
    object("web-1", {
      spec: { replicas: 2 },
      status: { readyReplicas: 2 },
      metadata: {
        name: "web-1",
        namespace: "shop",
        uid: "web-1",
        ownerReferences: owned("Deployment", "web"),
        annotations: { "deployment.kubernetes.io/revision": "2" },
      },
    }),
  ],
  services: [object("web", { spec: { clusterIP: "10.96.0.7", selector: { app: "web" }, ports: [{ port: 80 }] } })],
  endpointSlices: [
    object("web-x", {
      metadata: { name: "web-x", namespace: "shop", uid: "web-x", labels: { "kubernetes.io/service-name": "web" } },
      endpoints: [
        { addresses: ["10.244.0.5"], conditions: { ready: true }, targetRef: { kind: "Pod", name: "web-1-a", namespace: "shop" } },
      ],
    }),
  ],
  secrets: [object("key", { type: "Opaque", data: { password: "c2VjcmV0" } })],
  events: [
    object("e1", {
      reason: "Pulled",
      type: "Normal",
      involvedObject: { kind: "Pod", name: "web-1-a" },
      lastTimestamp: "2026-01-01T00:00:01Z",
    }),
    object("e2", {
      reason: "BackOff",
      type: "Warning",
      involvedObject: { kind: "Pod", name: "web-1-b" },
      lastTimestamp: "2026-01-01T00:00:09Z",
      count: 3,
      message: "again",
    }),
  ],
};

/** A connection that holds these objects without asking any server. */
const connection = (): Connection => {
  const made = new Connection("/kubeconfig", { server: "https://127.0.0.1:1", namespace: "default" });
  for (const [name, objects] of Object.entries(held)) (made[name as "pods"] as unknown as Collection<KubeObject>).replace(objects);
  return made;
};

const drawn = (rows: readonly Row[], depth = 0): readonly string[] =>
  rows.flatMap((row) => [
    `${"  ".repeat(depth)}${row.label}${row.description === undefined ? "" : `: ${row.description}`}`,
    ...drawn(row.children?.() ?? [], depth + 1),
  ]);
const draw = ({ rows }: View) => drawn(rows(connection()));

test("nodes stand over their pods, and pods over their containers", () => {
  expect(draw(nodesView)).toEqual([
    "Waiting for a node: 1 pod",
    "  lonely: Pending 0/0",
    "ann: 2 pods · cpu 1/4 · mem 2Gi/8Gi",
    "  web-1-a: Running 1/1",
    "    app: Running · nginx",
    "  web-1-b: Running 1/1 · 2 restarts",
    "    app: Running · 2 restarts · nginx",
    "bob: Unknown,SchedulingDisabled · 0 pods · cpu 0/0 · mem 0/0",
  ]);
});

test("workloads stand over what they own, the newest revision first", () => {
  expect(draw(workloadsView).filter((line) => !line.includes("nginx"))).toEqual([
    "shop: 2 workloads",
    "  web: 2/2 ready",
    "    web-1: 2/2 ready · revision 2",
    "      web-1-a: Running 1/1",
    "      web-1-b: Running 1/1 · 2 restarts",
    "    web-0: 0/0 ready · revision 1",
    "  lonely: Pending 0/0",
  ]);
});

test("services stand over the addresses behind them", () => {
  expect(draw(servicesView)).toEqual([
    "shop: 1 object",
    "  web: ClusterIP · 10.96.0.7 · 80/TCP · 1/1 endpoint",
    "    10.244.0.5: ready · web-1-a",
  ]);
});

test("secrets show their keys and sizes, not their values", () => {
  expect(draw(configurationView)).toEqual(["shop: 1 object", "  Secrets: 1", "    key: Opaque · 1 key", "      password: 6B"]);
});

test("the latest event stands first", () => {
  expect(draw(eventsView)).toEqual(["BackOff: pod/web-1-b · ×3 · again", "Pulled: pod/web-1-a · "]);
});

test("every row has an id of its own", () => {
  const ids = (rows: readonly Row[]): readonly string[] => rows.flatMap((row) => [row.id, ...ids(row.children?.() ?? [])]);
  for (const view of [nodesView, workloadsView, servicesView, configurationView, eventsView]) {
    const found = ids(view.rows(connection()));
    expect(new Set(found).size).toBe(found.length);
  }
});
