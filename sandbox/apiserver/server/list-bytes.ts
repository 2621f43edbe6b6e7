import type { KubeList } from "../../apimachinery/meta/types.ts";
import type { Stored } from "../../apimachinery/operation/operation.ts";

const comma = Buffer.from(",");
const open = Buffer.from("{");
const close = Buffer.from("]}\n");

/** A list as JSON, put together from what its items are serialized to already. Items of custom kinds say what they are, and their lists where they go on. */
export const listBytes = (
  { kind, apiVersion, metadata }: Omit<KubeList, "items">,
  items: readonly Stored[],
  custom = false,
): Uint8Array => {
  const chunks: Uint8Array[] = [
    Buffer.from(
      `${JSON.stringify({ kind, apiVersion, metadata: custom ? { continue: "", ...metadata } : metadata }).slice(0, -1)},"items":[`,
    ),
  ];
  for (const { bytes, bare } of items) {
    if (chunks.length > 1) chunks.push(comma);
    if (bare === undefined || custom) chunks.push(bytes);
    else chunks.push(open, bytes.subarray(bare));
  }
  chunks.push(close);
  return Buffer.concat(chunks);
};
