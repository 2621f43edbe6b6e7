import type { ListSchema, Schema } from "../schema/schema.ts";
import { elementOfItem, isAtomic, isMap, itemSchema, memberSchema, shapeOf, type JsonMap } from "./typed.ts";

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) ? value.length === 0 : typeof value === "object" && Object.keys(value).length === 0);

/**
 * An applied configuration laid over the live object (TypedValue.Merge): nothing is removed, the configuration's leaves win, lists with keys
 * and sets are joined item by item.
 */
export const merge = (live: unknown, applied: unknown, schema: Schema): unknown => {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const shape = shapeOf(schema, applied);
  if (shape === "scalar" || isAtomic(schema, applied) || (isEmpty(live) && isEmpty(applied)) || shapeOf(schema, live) !== shape)
    return applied;
  if (shape === "map") return mergeMaps(isMap(live) ? live : {}, isMap(applied) ? applied : {}, schema);
  if (schema.kind !== "list") return applied;
  return mergeLists(Array.isArray(live) ? live : [], Array.isArray(applied) ? applied : [], schema);
};

const mergeMaps = (live: JsonMap, applied: JsonMap, schema: Schema): JsonMap => {
  const merged: Record<string, unknown> = { ...live };
  for (const key of Object.keys(applied)) {
    const value = merge(Object.hasOwn(live, key) ? live[key] : undefined, applied[key], memberSchema(schema, key));
    if (key === "__proto__") Object.defineProperty(merged, key, { value, enumerable: true, configurable: true, writable: true });
    else merged[key] = value;
  }
  return merged;
};

/**
 * The order is the live list's where the configuration agrees with it, and the configuration's where it does not; items that only one side has
 * stay beside their neighbours.
 */
const mergeLists = (live: readonly unknown[], applied: readonly unknown[], schema: ListSchema): unknown[] => {
  const liveElements = live.map((item) => elementOfItem(schema, item));
  const appliedElements = applied.map((item) => elementOfItem(schema, item));
  const liveItems = new Map<string, unknown>();
  for (const [at, element] of liveElements.entries()) liveItems.set(element, liveItems.has(element) ? null : live[at]);
  const appliedItems = new Map(appliedElements.map((element, at) => [element, applied[at]]));
  const shared = appliedElements.filter((element) => liveItems.has(element));
  const taken = new Set<string>();
  const result: unknown[] = [];
  let next = shared.shift();
  const take = (element: string): void => {
    taken.add(element);
    result.push(merge(liveItems.get(element) ?? undefined, appliedItems.get(element), itemSchema(schema)));
  };
  for (let at = 0, from = 0; at < liveElements.length || from < appliedElements.length;) {
    const [mine, theirs] = [liveElements[at], appliedElements[from]];
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        take(mine);
        at++;
        from++;
        next = shared.shift();
        continue;
      }
      if (appliedItems.has(mine) && next !== undefined && next !== mine) {
        at++;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!appliedItems.has(mine)) {
        result.push(live[at]);
        at++;
        continue;
      }
      if (taken.has(mine)) at++;
    }
    if (theirs !== undefined) {
      take(theirs);
      from++;
      if (next === theirs) next = shared.shift();
    }
  }
  return result;
};
