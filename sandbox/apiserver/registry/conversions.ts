import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { scalerFromV2, scalerToV2 } from "./autoscaling/horizontalpodautoscalers/conversion.ts";
import { eventFieldAliases, eventFromCore, eventToCore } from "./events/conversion.ts";

/** How a kind in a version that is not the stored one is taken there and back. */
export interface Conversion {
  readonly toStored: (object: AnyObject) => AnyObject;
  readonly fromStored: (object: AnyObject) => AnyObject;
  readonly fieldAliases?: Readonly<Record<string, string>>;
}

/** By `group/version Kind`; versions that differ in nothing but their name have none. */
export const conversions: Readonly<Record<string, Conversion>> = {
  "autoscaling/v1 HorizontalPodAutoscaler": { toStored: scalerToV2, fromStored: scalerFromV2 },
  "events.k8s.io/v1 Event": { toStored: eventToCore, fromStored: eventFromCore, fieldAliases: eventFieldAliases },
};
