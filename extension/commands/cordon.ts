import { nodes } from "../../sandbox/index.ts";
import { pathOf } from "../cluster/client/paths.ts";
import { rowsOf, type Command, type Parts } from "./command.ts";

const setUnschedulable = async ({ cluster }: Parts, args: readonly unknown[], unschedulable: true | null): Promise<void> => {
  const { client } = await cluster.start();
  const names = rowsOf(args).flatMap(({ about }) => (about === undefined ? [] : [about.name]));
  await Promise.all(
    names.map((name) =>
      client.call({
        method: "PATCH",
        path: pathOf(nodes, { name }),
        body: { spec: { unschedulable } },
        contentType: "application/merge-patch+json",
      }),
    ),
  );
};

/** Keeps new pods off a node. */
export const cordon: Command = {
  id: "drydock.cordon",
  failure: "The node could not be cordoned",
  run: (parts, ...args) => setUnschedulable(parts, args, true),
};

/** Lets new pods onto a node again. */
export const uncordon: Command = {
  id: "drydock.uncordon",
  failure: "The node could not be uncordoned",
  run: (parts, ...args) => setUnschedulable(parts, args, null),
};
