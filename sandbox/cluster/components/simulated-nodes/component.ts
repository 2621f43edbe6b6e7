import { SimulatedNodes } from "./simulated-nodes.ts";
import { simulatedBackends, simulatedDoors } from "./doors.ts";
import type { Environment } from "../../components.ts";
import { clusterDnsAddress } from "../dns.ts";

/** The simulated nodes that a cluster starts with; more may be added while it runs. */
export const simulatedNodes = ({ controlPlane, clock, random, network, options, clientFor }: Environment): SimulatedNodes => {
  const nodes = new SimulatedNodes({
    clientFor: (nodeName) => clientFor({ name: `system:node:${nodeName}`, groups: ["system:nodes", "system:authenticated"] }, "kubelet"),
    client: clientFor({ name: "system:kubelets", groups: ["system:masters", "system:authenticated"] }, "kubelet"),
    clock,
    random: random.fork("kubelet"),
    network,
    clusterDns: () => (options.disable?.includes("dns") ? undefined : clusterDnsAddress(options)),
    version: `v${controlPlane.pack.version}.0`,
  });
  controlPlane.simulated = { nodes: simulatedDoors(nodes), backends: simulatedBackends(nodes) };
  return nodes;
};
