import { describe, expect, test } from "vitest";
import { deployments, horizontalPodAutoscalers } from "../../api/resources.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { startCluster } from "../cluster.ts";
import { usageOf } from "./usage.ts";

interface Metrics extends KubeObject {
  readonly usage?: Readonly<Record<string, string>>;
  readonly containers?: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}
const group = { group: "metrics.k8s.io", version: "v1beta1" };
const podMetrics: ResourceType<Metrics> = { ...group, resource: "pods", kind: "PodMetrics", namespaced: true };
const nodeMetrics: ResourceType<Metrics> = { ...group, resource: "nodes", kind: "NodeMetrics", namespaced: false };

const web = (replicas: number, cpu: string): KubeObject =>
  ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" }, annotations: { "drydock.dev/cpu": cpu, "drydock.dev/memory": "64Mi" } },
        spec: { containers: [{ name: "main", image: "nginx", resources: { requests: { cpu: "200m" } } }] },
      },
    },
  }) as KubeObject;

describe("metrics.k8s.io", { timeout: 30_000 }, () => {
  test("tells what pods and nodes use", async () => {
    await using cluster = await startCluster({ seed: 7, nodes: ["ann"] });
    await cluster.apply(web(2, "160m"));
    await cluster.advance("30s");
    const { items } = await cluster.client.list(podMetrics, { namespace: "default", labelSelector: "app=web" });
    expect(items.map(({ containers }) => containers)).toEqual(
      Array.from({ length: 2 }, () => [{ name: "main", usage: { cpu: "160000000n", memory: "65536Ki" } }]),
    );
    expect((await cluster.client.list(podMetrics)).items).toHaveLength(2);
    expect((await cluster.client.list(podMetrics, { labelSelector: "app=other" })).items).toEqual([]);
    const ann = await cluster.client.get(nodeMetrics, { name: "ann" });
    expect(ann.usage).toEqual({ cpu: "370000000n", memory: "393216Ki" });
  });

  test("is not there in a cluster without simulated nodes", async () => {
    await using cluster = await startCluster({ seed: 7, disable: ["controller-manager", "scheduler"] });
    await expect(cluster.client.list(podMetrics)).rejects.toMatchObject({ status: { reason: "NotFound" } });
  });

  test("has an autoscaler at 80 % of a target of 50 % go from three replicas to five", async () => {
    await using cluster = await startCluster({ seed: 7, nodes: ["ann", "bob"] });
    await cluster.apply(web(3, "160m"));
    await cluster.advance("30s");
    await cluster.apply({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: "default" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } }],
      },
    } as KubeObject);
    await cluster.advance("15s");
    const place = { namespace: "default", name: "web" };
    const { status } = await cluster.client.get(horizontalPodAutoscalers, place);
    expect(status?.currentMetrics?.[0]?.resource?.current).toEqual({ averageUtilization: 80, averageValue: "160m" });
    expect((await cluster.client.get(deployments, place)).spec?.replicas).toBe(5);
  });
});

test.each([
  [0, 0, { cpu: "0", memory: "0" }],
  [160_000_000, 64 * 1024 * 1024, { cpu: "160000000n", memory: "65536Ki" }],
])("%i nanocores and %i bytes are written as metrics-server does", (cores, bytes, expected) => {
  expect(usageOf(cores, bytes)).toEqual(expected);
});
