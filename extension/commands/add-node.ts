import type { Command } from "./command.ts";

/** One more simulated node. */
export const addNode: Command = {
  id: "drydock.addNode",
  failure: "The node could not be added",
  async run({ cluster }) {
    const { client } = await cluster.start();
    await client.call({
      method: "POST",
      path: "/apis/drydock.dev/v1alpha1/nodes",
      body: { apiVersion: "drydock.dev/v1alpha1", kind: "NodeRequest", count: 1 },
    });
  },
};
