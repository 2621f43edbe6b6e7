import type { ResourceType } from "../../apimachinery/meta/types.ts";

/** A resource as an API server lists it. */
export interface DiscoveredResource extends ResourceType {
  readonly verbs: readonly string[];
}

/** Which resources there are: each group's in its preferred version, custom and aggregated ones too; no subresources. */
export interface Discovery {
  preferred(): Promise<readonly DiscoveredResource[]>;
}
