import type { RowTree } from "../views/row-tree.ts";
import type { Command } from "./command.ts";

/** The last line of a long list. */
export const showMore: Command = {
  id: "drydock.showMore",
  failure: "More could not be shown",
  run: (_parts, tree, parent) => (tree as RowTree).showMore(parent as string),
};
