import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Revision } from "../cache/revision.ts";
import type { ResourceEntry } from "./entry.ts";

/**
 * The way between the version of an entry and the stored one, where it takes time: a custom resource with a conversion webhook. Requests for such a
 * kind deal in their own version throughout, as upstream's do; objects change version as they are read from the store and written to it.
 */
export interface SlowConversion {
  /** `example.com/v1`. */
  readonly storedVersion: string;
  readonly toStored: (object: AnyObject) => Promise<AnyObject>;
  /** In the same order. What needs no conversion is only brought into form. */
  readonly fromStored: (objects: readonly AnyObject[]) => Promise<readonly AnyObject[]>;
}

/** What was read, in the version of an entry; each revision is converted once for everybody. */
export const inVersionOf = async (entry: ResourceEntry, revisions: readonly Revision[]): Promise<readonly Revision[]> => {
  const { conversion } = entry;
  if (!conversion) return revisions;
  const strange = revisions.filter((revision) => !revision.converted(entry));
  if (strange.length > 0) {
    const objects = await conversion.fromStored(strange.map(({ object }) => object));
    for (const [at, revision] of strange.entries()) revision.convert(entry, objects[at]!, conversion.storedVersion);
  }
  return revisions.map((revision) => revision.converted(entry)!);
};

/** The same for one. */
export const oneInVersionOf = async (entry: ResourceEntry, revision: Revision): Promise<Revision> =>
  entry.conversion ? (await inVersionOf(entry, [revision]))[0]! : revision;
