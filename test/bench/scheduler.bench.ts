import { nodes, pods, serviceAccounts } from "../../sandbox/api/resources.ts";
import type { PodSpec } from "../../sandbox/api/types.ts";
import { SeededRandom } from "../../sandbox/base/random/random.ts";
import { localClient } from "../../sandbox/client/local/local-client.ts";
import { startCluster } from "../../sandbox/cluster/cluster.ts";
import { createScheduler } from "../../sandbox/scheduler/index.ts";
import { aNode, aPod } from "../../sandbox/scheduler/testing/objects.ts";
import { rate, type Bench, type Row } from "./bench.ts";

interface Drain {
  readonly nodes: number;
  readonly pods: number;
  readonly spec?: Partial<PodSpec>;
}

const labels = { app: "web" };

const apart: Partial<PodSpec> = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } }],
    },
  },
};

const spread: Partial<PodSpec> = {
  topologySpreadConstraints: [
    { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: labels } },
    { topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: labels } },
  ],
};

/** How long a scheduler takes that starts with so many pods waiting, every write to the API included; in milliseconds. */
const drain = async ({ nodes: nodeCount, pods: podCount, spec }: Drain): Promise<number> => {
  const cluster = await startCluster({ seed: 1, disable: ["controller-manager", "scheduler", "kubelet"] });
  try {
    await cluster.client.create(serviceAccounts, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "default" },
    });
    for (let index = 0; index < nodeCount; index++) {
      const labels = { "topology.kubernetes.io/zone": `zone-${String(index % 3)}` };
      const node = await cluster.client.create(nodes, aNode(`node-${String(index)}`, { cpu: "32", memory: "128Gi", labels }));
      // New nodes are tainted as not ready, and no controller is there to find out that they are.
      await cluster.client.update(nodes, { ...node, spec: { ...node.spec, taints: [] } });
    }
    for (let index = 0; index < podCount; index++)
      await cluster.client.create(pods, aPod(`web-${String(index)}`, { namespace: "default", labels, cpu: "10m", memory: "16Mi", spec }));
    const user = { name: "system:kube-scheduler", groups: ["system:masters", "system:authenticated"] };
    const client = localClient({
      perform: cluster.controlPlane.apiServer.perform,
      user,
      userAgent: "kube-scheduler",
      clock: cluster.clock,
    });
    const scheduler = createScheduler({ client, clock: cluster.clock, random: new SeededRandom(1) });
    const started = performance.now();
    await scheduler.start();
    await scheduler.idle();
    const took = performance.now() - started;
    const left = cluster.pods().filter(({ spec }) => !spec?.nodeName).length;
    await scheduler.stop();
    if (left > 0) throw new Error(`${String(left)} pods were left over`);
    return took;
  } finally {
    await cluster.stop();
  }
};

const measured = async (work: string, wanted: number, options: Drain): Promise<Row> =>
  rate(work, options.pods, await drain(options), wanted);

export const bench: Bench = {
  name: "scheduler, from waiting to bound in the API",
  run: async () => [
    await measured("5,000 waiting pods, 100 nodes", 10_000, { nodes: 100, pods: 5000 }),
    await measured("5,000 waiting pods, 5,000 nodes", 10_000, { nodes: 5000, pods: 5000 }),
    await measured("required anti-affinity, 5,000 nodes", 2000, { nodes: 5000, pods: 2000, spec: apart }),
    await measured("required spread over zones and nodes, 5,000 nodes", 2000, { nodes: 5000, pods: 2000, spec: spread }),
  ],
};
