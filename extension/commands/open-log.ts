import type { Command } from "./command.ts";

export const openLog: Command = { id: "drydock.openLog", failure: "The log could not be opened", run: ({ log }) => log.show(true) };
