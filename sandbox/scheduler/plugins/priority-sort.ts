import type { Plugin } from "../framework/plugin.ts";

/** Higher priority first, then who came first. */
export const prioritySort: Plugin = {
  name: "PrioritySort",
  less: (a, b) => b.info.priority - a.info.priority || a.timestamp - b.timestamp,
};
