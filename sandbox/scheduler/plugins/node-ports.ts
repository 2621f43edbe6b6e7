import type { Pod } from "../../api/types.ts";
import { hostPortsOf } from "../framework/host-ports.ts";
import { HostPorts } from "../framework/host-ports.ts";
import type { Plugin } from "../framework/plugin.ts";
import { unschedulable } from "../framework/rejection.ts";

const name = "NodePorts";
const rejection = unschedulable(name, "node(s) didn't have free ports for the requested pod ports");

/** Keeps pods off nodes where another pod holds a host port that they want. */
export const nodePorts: Plugin = {
  name,
  retryOn: [
    {
      kind: "assigned-pod/deleted",
      helps(pod, { before }) {
        const freed = new HostPorts();
        for (const port of hostPortsOf(before as Pod)) freed.add(port);
        return pod.hostPorts.some((port) => freed.conflictsWith(port));
      },
    },
    { kind: "node/added" },
  ],
  key: ({ hostPorts }) => (hostPorts.length === 0 ? "" : JSON.stringify(hostPorts)),
  preFilter: ({ hostPorts }) => (hostPorts.length === 0 ? "skip" : undefined),
  filter: ({ hostPorts }, { ports }) => (hostPorts.some((port) => ports.conflictsWith(port)) ? rejection : undefined),
};
