import type { Command } from "./command.ts";

export const start: Command = {
  id: "drydock.start",
  failure: "The cluster could not be started",
  run: async ({ cluster }) => (await cluster.start()).kubeconfig,
};
