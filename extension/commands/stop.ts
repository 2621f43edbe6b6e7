import type { Command } from "./command.ts";

export const stop: Command = { id: "drydock.stop", failure: "The cluster could not be stopped", run: ({ cluster }) => cluster.stop() };
