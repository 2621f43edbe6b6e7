import type { PodTemplateSpec } from "../../../api/types.ts";
import { fnv32a, safeEncode } from "./fnv.ts";
import { goDump } from "./go-dump.ts";

/** FNV-32a of a pod template and the number of names that were taken already (ComputeHash): the label `pod-template-hash`. */
export const templateHash = (template: PodTemplateSpec, collisionCount?: number): string => {
  const hash = fnv32a(Buffer.from(goDump("PodTemplateSpec", template), "utf8"));
  return safeEncode(String(collisionCount === undefined ? hash : fnv32a(countBytes(collisionCount), hash)));
};

/** Eight bytes, of which upstream fills the first four. */
const countBytes = (count: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(count);
  return bytes;
};
