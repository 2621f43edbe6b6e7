import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { Request } from "./request.ts";

/** An owner named twice counts once, with a warning (dedupOwnerReferencesAndAddWarning). */
export const withoutDuplicateOwners = (request: Request, { metadata }: Draft<AnyObject>): void => {
  const owners = metadata.ownerReferences;
  if (!owners || owners.length < 2) return;
  const seen = new Set<string>();
  const repeated: string[] = [];
  metadata.ownerReferences = owners.filter(({ uid }) => {
    if (!seen.has(uid)) return seen.add(uid) !== undefined;
    if (!repeated.includes(uid)) repeated.push(uid);
    return false;
  });
  if (repeated.length === 0) return;
  request.warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(", ")}`,
  );
};
