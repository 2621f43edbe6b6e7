import { pods } from "../../../sandbox/api/resources.ts";
import type { Pod, PodSpec } from "../../../sandbox/api/types.ts";
import { startCluster, type Cluster } from "../../../sandbox/cluster/cluster.ts";

/** Kubernetes' own test image. */
export const agnhost = "registry.k8s.io/e2e-test-images/agnhost:2.53";

export interface SimulatedCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Creates a pod in the namespace default, on whichever node the scheduler chooses. */
  run(name: string, spec: PodSpec, metadata?: Pod["metadata"]): Promise<void>;
  pod(name: string): Pod | undefined;
  /** What a container wrote, without times and streams. */
  logs(name: string, container?: string, attempt?: number): Promise<string>;
}

/** A cluster whose time stands, with its namespaces ready. */
export const simulatedCluster = async (...nodes: readonly string[]): Promise<SimulatedCluster> => {
  const cluster = await startCluster({ seed: 7, nodes });
  await cluster.advance("5s");
  const pod = (name: string): Pod | undefined => cluster.pods().find(({ metadata }) => metadata.name === name);
  return {
    cluster,
    pod,
    async run(name, spec, metadata = {}) {
      await cluster.client.create(pods, { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name, namespace: "default" }, spec });
    },
    async logs(name, container = "main", attempt = 0) {
      const { metadata, spec } = pod(name)!;
      const { files } = cluster.nodes.kubelet(spec.nodeName!)!;
      const log = await files.read(`/var/log/pods/default_${name}_${metadata.uid!}/${container}/${attempt}.log`);
      return Buffer.from(log ?? "")
        .toString()
        .replace(/^\S+ std(?:out|err) [FP] /gm, "");
    },
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
};

/** A container named main that runs a shell's script. */
export const script = (text: string): PodSpec["containers"][number] => ({ name: "main", image: "busybox", command: ["sh", "-c", text] });
