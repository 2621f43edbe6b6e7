import { applyObject, liveObject } from "../cluster/apply/apply.ts";
import { askedText } from "../documents/object-text.ts";
import { titleOf } from "../language/manifest-text.ts";
import type { Command } from "./command.ts";
import { targetsOf } from "./manifest-target.ts";

/** What applying would change: the object as it is against the object as a dry run leaves it, defaults and all. */
export const diff: Command = {
  id: "drydock.diff",
  failure: "The comparison could not be made",
  async run({ cluster, diffs }, ...args) {
    const [target] = await targetsOf(args);
    if (target === undefined || target.objects.length === 0) return;
    const connection = await cluster.start();
    const compared = await Promise.all(
      target.objects.map(async ({ object }) => {
        const [before, { object: after }] = await Promise.all([
          liveObject(connection, object),
          applyObject(connection, object, { dryRun: true, force: true }),
        ]);
        return { before: before === undefined ? "" : askedText(before), after: after === undefined ? "" : askedText(after) };
      }),
    );
    const first = target.objects[0]!.object;
    const title = target.objects.length === 1 ? titleOf(first) : `${target.objects.length} objects`;
    const joined = (side: "before" | "after") => compared.map((each) => each[side]).join("---\n");
    await diffs.show(`${title}: cluster ↔ manifest`, first.metadata.name ?? "manifest", joined("before"), joined("after"));
  },
};
