import type { ManagedFieldsEntry } from "../meta/types.ts";
import { emptySet, isEmptySet, union, type FieldSet, type FieldSetDraft } from "./field-set.ts";
import { keyElement } from "./path-element.ts";

/** One owner of fields: an entry of managedFields. */
export interface Owner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fields: FieldSet;
}

/** Owners by identity. */
export type Owners = Map<string, Owner>;

/** What makes an owner the same one: an applier keeps its identity in whatever version it applies (BuildManagerIdentifier). */
export const identityOf = ({ manager, operation, apiVersion, subresource }: Omit<Owner, "fields">): string =>
  JSON.stringify({ manager, operation, ...(operation === "Update" && { apiVersion }), ...(subresource && { subresource }) });

/** The elements of a stored set, checked and in their canonical form. Throws on what is no set. */
const decodeSet = (value: unknown): FieldSet => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("fields are not an object");
  const set: FieldSetDraft = {};
  for (const [key, below] of Object.entries(value)) {
    const kind = key.slice(0, 2);
    if (key === "." || kind === "f:") set[key] = decodeSet(below);
    else if (kind === "k:") {
      const keys = JSON.parse(key.slice(2)) as Readonly<Record<string, unknown>>;
      set[keyElement(Object.keys(keys).sort(), (name) => keys[name])] = decodeSet(below);
    } else if (kind === "v:" || kind === "i:") set[`${kind}${JSON.stringify(JSON.parse(key.slice(2)))}`] = decodeSet(below);
    else if (key.length < 2 || key[1] !== ":") throw new Error(`missing colon: ${key}`);
  }
  return set;
};

/** Entries as they are stored; undefined where one of them is none. `trusted` entries are our own and are not looked at again. */
export const decodeOwners = (entries: readonly ManagedFieldsEntry[] | undefined, trusted: boolean): Owners | undefined => {
  const owners: Owners = new Map();
  for (const { manager = "", operation, apiVersion, subresource, time, fieldsType, fieldsV1 = emptySet } of entries ?? []) {
    if ((operation !== "Apply" && operation !== "Update") || !apiVersion || fieldsType !== "FieldsV1") return undefined;
    try {
      const owner: Owner = {
        manager,
        operation,
        apiVersion,
        ...(subresource && { subresource }),
        ...(time !== undefined && { time }),
        fields: trusted ? (fieldsV1 as FieldSet) : decodeSet(fieldsV1),
      };
      owners.set(identityOf(owner), owner);
    } catch {
      return undefined;
    }
  }
  return owners;
};

const compareText = (a = "", b = ""): number => (a < b ? -1 : a > b ? 1 : 0);

/** Entries as they are stored: appliers first, then by time, name, version and subresource; undefined where there are none. */
export const encodeOwners = (owners: Owners): ManagedFieldsEntry[] | undefined => {
  if (owners.size === 0) return undefined;
  return [...owners.values()]
    .sort(
      (a, b) =>
        compareText(a.operation, b.operation) ||
        compareText(a.time, b.time) ||
        compareText(a.manager, b.manager) ||
        compareText(a.apiVersion, b.apiVersion) ||
        compareText(a.subresource, b.subresource),
    )
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: "FieldsV1",
      fieldsV1: fields,
      ...(subresource && { subresource }),
    }));
};

/** Whether a client asks that ownership be forgotten: an empty list, or one empty entry. */
export const isReset = (entries: readonly ManagedFieldsEntry[] | undefined | null): boolean =>
  Array.isArray(entries) && (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] as object).length === 0));

const mostUpdaters = 10;

/** Joins the oldest updaters of a version into one called `ancient-changes` while there are more than ten (capManagersManager). */
export const capUpdaters = (owners: Owners): void => {
  const updaters = [...owners].filter(([, owner]) => owner.operation === "Update");
  if (updaters.length <= mostUpdaters) return;
  updaters.sort(([a, left], [b, right]) => compareText(left.time, right.time) || compareText(a, b));
  const first = new Map<string, string>();
  let count = updaters.length;
  for (const [identity, owner] of updaters) {
    if (count <= mostUpdaters) return;
    const ancient = { manager: "ancient-changes", operation: "Update", apiVersion: owner.apiVersion } as const;
    const bucket = identityOf(ancient);
    const earlier = first.get(owner.apiVersion);
    if (earlier === undefined) {
      first.set(owner.apiVersion, identity);
      continue;
    }
    const joined = owners.get(bucket) ?? owners.get(earlier);
    if (!owners.has(bucket)) owners.delete(earlier);
    owners.delete(identity);
    owners.set(bucket, {
      ...ancient,
      ...(owner.time !== undefined && { time: owner.time }),
      fields: union(owner.fields, joined?.fields ?? emptySet),
    });
    count--;
  }
};

/** Forgets owners of nothing. */
export const dropEmpty = (owners: Owners): void => {
  for (const [identity, owner] of owners) if (isEmptySet(owner.fields)) owners.delete(identity);
};
