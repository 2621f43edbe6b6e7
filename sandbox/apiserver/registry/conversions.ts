import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { eventConversion } from "./core/events/conversion.ts";

/** How a kind in a version that is not the stored one is taken there and back. */
export interface Conversion {
  readonly toStored: (object: AnyObject) => AnyObject;
  readonly fromStored: (object: AnyObject) => AnyObject;
}

/** By `group/version Kind`; versions that differ in nothing but their name have none. */
export const conversions: Readonly<Record<string, Conversion>> = {
  "events.k8s.io/v1 Event": eventConversion,
};
