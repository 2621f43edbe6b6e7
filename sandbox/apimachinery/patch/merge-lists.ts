import type { Schema } from "../schema/schema.ts";
import { goKind, goText, goType, isMap, type JsonMap } from "./go-text.ts";
import { bare, malformed, unprocessable } from "./refusals.ts";
import { directive } from "./directives.ts";

type List = readonly unknown[];

/** How two items with the same key are merged. */
export type MergeItems = (original: JsonMap, patch: JsonMap, schema: Schema | undefined) => JsonMap;

const itemsOf = (schema: Schema | undefined): Schema | undefined => (schema?.kind === "list" ? schema.items : undefined);
const mergeKeyOf = (schema: Schema | undefined): string => (schema?.kind === "list" ? (schema.patchMergeKey ?? "") : "");
const isMerged = (schema: Schema | undefined): boolean =>
  schema?.kind === "list" && (schema.patchStrategy ?? "").split(",").includes("merge");

const noMergeKey = (item: unknown, key: string): Error => bare(`map: ${goText(item)} does not contain declared merge key: ${key}`);

/** The value of an item's merge key. Throws where the item has none. */
const keyOf = (item: unknown, mergeKey: string): unknown => {
  if (!isMap(item)) throw bare(`expected a map[string]interface {}, but received a ${goType(item)}`);
  if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
  return item[mergeKey];
};

/** Where in a list the item with this key is, or -1. */
const find = (list: List, mergeKey: string, value: unknown): number => {
  for (const [at, item] of list.entries()) {
    if (!isMap(item)) throw bare(`value for key ${String(at)} is not a map`);
    if (Object.hasOwn(item, mergeKey) && item[mergeKey] === value) return at;
  }
  return -1;
};

/** The one kind that all items are of. */
const kindOfItems = (...lists: readonly List[]): string => {
  const [first, ...rest] = lists.flat(1);
  if (first === undefined) throw bare("no elements in any of the given slices");
  if (Array.isArray(first)) throw unprocessable();
  if (rest.some((item) => goType(item) !== goType(first))) throw bare(`list element types are not identical: ${goText(lists)}`);
  return goKind(first);
};

const identity = (mergeKey: string): ((item: unknown) => unknown) =>
  mergeKey === "" ? (item) => item : (item) => (isMap(item) ? item[mergeKey] : undefined);

/** Puts items into the order of a list; those that it does not name keep their places at the front. */
const inOrder = (items: List, order: List, mergeKey: string): unknown[] => {
  if (mergeKey !== "") for (const item of [...items, ...order]) keyOf(item, mergeKey);
  const of = identity(mergeKey);
  const places = new Map<unknown, number>();
  for (const [at, item] of order.entries()) if (!places.has(of(item))) places.set(of(item), at);
  return items.toSorted((a, b) => (places.get(of(a)) ?? -1) - (places.get(of(b)) ?? -1));
};

/** Joins what only the server has with what the patch names: the patch's order counts, the server's where both are known to it. */
const interleaved = (serverOnly: List, patched: List, serverOrder: List, mergeKey: string): unknown[] => {
  const of = identity(mergeKey);
  const place = (item: unknown): number => serverOrder.findIndex((other) => of(other) === of(item));
  const result: unknown[] = [];
  let [left, right] = [0, 0];
  while (left < serverOnly.length && right < patched.length) {
    const [mine, theirs] = [place(serverOnly[left]), place(patched[right])];
    result.push(mine >= 0 && theirs >= 0 && mine < theirs ? serverOnly[left++] : patched[right++]);
  }
  return [...result, ...serverOnly.slice(left), ...patched.slice(right)];
};

/** The merged list in its final order (normalizeElementOrder). */
const normalized = (merged: List, patchOrder: List, serverOrder: List, mergeKey: string): unknown[] => {
  const of = mergeKey === "" ? identity("") : (item: unknown) => keyOf(item, mergeKey);
  const named = new Set(patchOrder.map(identity(mergeKey)));
  const patched = merged.filter((item) => named.has(of(item)));
  const serverOnly = merged.filter((item) => !named.has(of(item)));
  return interleaved(inOrder(serverOnly, serverOrder, mergeKey), inOrder(patched, patchOrder, mergeKey), serverOrder, mergeKey);
};

/** Items that are directives have done their work: deletions are carried out, `replace` empties the list. */
const withoutDirectives = (original: List, patch: List, mergeKey: string): { readonly original: List; readonly patch: List } => {
  let left = original;
  let replaces = false;
  const plain: unknown[] = [];
  for (const item of patch) {
    if (!isMap(item) || !Object.hasOwn(item, directive)) {
      plain.push(item);
      continue;
    }
    switch (item[directive]) {
      case "delete": {
        const value = keyOf(item, mergeKey);
        for (let at = find(left, mergeKey, value); at >= 0; at = find(left, mergeKey, value)) left = left.toSpliced(at, 1);
        break;
      }
      case "replace":
        replaces = true;
        break;
      case "merge":
        throw bare("merging lists cannot yet be specified in the patch");
      default:
        throw bare(`unknown patch type: ${goText(item[directive])} in map: ${goText(item)}`);
    }
  }
  return replaces ? { original: plain, patch: [] } : { original: left, patch: plain };
};

/** Merges a patch's list into the original's, or replaces it, as the schema says (mergeSliceHandler). */
export const mergeLists = (original: List, patch: List, schema: Schema | undefined, isDeletion: boolean, mergeItems: MergeItems): List => {
  if (!isMerged(schema) && !isDeletion) return patch;
  if (original.length === 0 && patch.length === 0) return original;
  const mergeKey = mergeKeyOf(schema);
  if (kindOfItems(original, patch) !== "map") {
    if (isDeletion) return original.filter((item) => !patch.includes(item));
    return normalized([...new Set([...original, ...patch])], patch, original, "");
  }
  if (mergeKey === "") throw bare("cannot merge lists without merge key for struct");
  const rest = withoutDirectives(original, patch, mergeKey);
  const merged = [...rest.original];
  for (const item of rest.patch) {
    const at = find(merged, mergeKey, keyOf(item, mergeKey));
    if (at < 0) merged.push(item);
    else merged[at] = mergeItems(merged[at] as JsonMap, item as JsonMap, itemsOf(schema));
  }
  return normalized(merged, rest.patch, rest.original, mergeKey);
};

/** The items of a patch must stand in the order that `$setElementOrder` gives, and must all be named by it. */
const checkOrder = (patch: List, order: List, mergeKey: string): void => {
  if (patch.length === 0 || order.length === 0) return;
  const kept = mergeKey === "" ? patch : patch.filter((item) => !isMap(item) || item[directive] !== "delete");
  let at = 0;
  for (const named of order) {
    while (at < kept.length && isMap(kept[at]) && Object.hasOwn(kept[at] as object, directive)) at++;
    if (at >= kept.length) return;
    const [mine, theirs] = mergeKey === "" ? [kept[at], named] : [keyOf(kept[at], mergeKey), keyOf(named, mergeKey)];
    if (mine === theirs) at++;
  }
  while (at < kept.length && isMap(kept[at]) && Object.hasOwn(kept[at] as object, directive)) at++;
  if (at < kept.length) throw bare(`The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);
};

/** The list in the order that `$setElementOrder` asks for; undefined where neither side has such a list. */
export const orderBySetElementOrder = (
  original: List | undefined,
  patch: List | undefined,
  order: List,
  schema: Schema | undefined,
  asSet: (value: unknown) => unknown,
  mergeItems: MergeItems,
): List | undefined => {
  const mergeKey = mergeKeyOf(schema);
  checkOrder(patch ?? [], order, mergeKey);
  if (!original && !patch) return undefined;
  const merged = !patch ? (original ?? []) : original ? mergeLists(original, patch, schema, false, mergeItems) : asSet(patch);
  if (!Array.isArray(merged)) throw malformed("invalid patch format of setElementOrder list");
  kindOfItems(original ?? [], patch ?? []);
  return normalized(merged as List, order, original ?? [], mergeKey);
};
