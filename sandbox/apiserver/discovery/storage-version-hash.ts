import { createHash } from "node:crypto";

/** Tells clients when objects came to be stored in another version: eight bytes of the SHA-256 of `group/version/kind`. */
export const storageVersionHash = ({
  group,
  version,
  kind,
}: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): string => createHash("sha256").update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString("base64");
