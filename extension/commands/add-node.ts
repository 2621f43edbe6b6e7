import { nodes, type Node } from "../../sandbox/index.ts";
import { pathOf } from "../cluster/client/paths.ts";
import type { Command } from "./command.ts";

/** One more simulated node: a Node that asks for a machine behind it. */
export const addNode: Command = {
  id: "drydock.addNode",
  failure: "The node could not be added",
  async run({ cluster }) {
    const connection = await cluster.start();
    await connection.nodes.start();
    const numbers = connection.nodes.all().map(({ metadata }) => Number(/^node-(\d+)$/.exec(metadata.name ?? "")?.[1] ?? 0));
    const name = `node-${Math.max(0, ...numbers) + 1}`;
    const node: Node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, annotations: { "drydock.dev/runtime": "simulated" } },
      spec: {},
    };
    await connection.client.call({ method: "POST", path: pathOf(nodes), body: node });
    return name;
  },
};
