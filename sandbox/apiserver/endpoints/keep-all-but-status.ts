import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";

/** What `status` means for a kind that says nothing more of it: everything else stays as it was. */
export const keepAllButStatus = (draft: Draft<AnyObject>, previous: AnyObject): void => {
  const { status, metadata } = draft;
  const { managedFields, resourceVersion } = metadata;
  for (const key of Object.keys(draft)) if (key !== "metadata" && !Object.hasOwn(previous, key)) delete draft[key];
  for (const [key, value] of Object.entries(previous)) if (key !== "metadata") draft[key] = value;
  for (const key of Object.keys(metadata)) delete metadata[key as keyof typeof metadata];
  Object.assign(metadata, previous.metadata, { resourceVersion, managedFields });
  if (status === undefined) delete draft.status;
  else draft.status = status;
};
