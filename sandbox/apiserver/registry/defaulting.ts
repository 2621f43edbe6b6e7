import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { asStored, served, type ResourceEntry } from "./entry.ts";
import type { StrategyContext } from "./strategy.ts";

/** Fills in the defaults of a decoded object. Strategies know the stored version only: another version makes a detour through it. */
export const defaulted = (entry: ResourceEntry, draft: Draft<AnyObject>, context: StrategyContext): Draft<AnyObject> => {
  const { setDefaults } = entry.stored.strategy;
  if (!setDefaults) return draft;
  const stored = asStored(entry, draft) as Draft<AnyObject>;
  setDefaults(stored, context);
  return stored === draft ? draft : (served(entry, stored) as Draft<AnyObject>);
};
