import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { asStored, type ResourceEntry } from "./entry.ts";
import type { StrategyContext } from "./strategy.ts";

/** Fills in the defaults of a decoded object and takes it to the version in which it is stored. */
export const defaulted = (entry: ResourceEntry, draft: Draft<AnyObject>, context: StrategyContext): Draft<AnyObject> => {
  const stored = asStored(entry, draft) as Draft<AnyObject>;
  entry.stored.strategy.setDefaults?.(stored, context);
  return stored;
};
