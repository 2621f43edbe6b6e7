import type { Pod } from "../../api/types.ts";
import type { Placement } from "../../scheduler/index.ts";
import { drydockVersion } from "./body.ts";

/** A placement as the API answers it: the sentence, and the table of nodes and plugins. */
export interface PodScheduling extends Omit<Placement, "pod" | "summary"> {
  readonly apiVersion: string;
  readonly kind: "PodScheduling";
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly sentence: string;
}

export const podScheduling = (
  { metadata: { name = "", namespace = "" } }: Pod,
  { summary, pod: _pod, ...rest }: Placement,
): PodScheduling => ({
  apiVersion: drydockVersion,
  kind: "PodScheduling",
  metadata: { name, namespace },
  sentence: summary,
  ...rest,
});
