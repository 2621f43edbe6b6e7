import type { ManagedFieldsEntry } from "../meta/types.ts";
import { difference, has, isEmptySet, setOf } from "./field-set.ts";
import { decodeOwners, encodeOwners, type Owner, type Owners } from "./managers.ts";

/** Where a kind keeps its number of replicas, by version: `["f:spec", "f:replicas"]`. Undefined for a version without a scale subresource. */
export type ReplicasPaths = ReadonlyMap<string, readonly string[] | undefined>;

const scaleVersion = "autoscaling/v1";
const replicasInScale = ["f:spec", "f:replicas"];

/** The path of a dotted field name, with or without a leading dot: `.spec.replicas`. */
export const replicasPath = (dotted: string): readonly string[] =>
  dotted
    .split(".")
    .filter((name) => name !== "")
    .map((name) => `f:${name}`);

/** The entries that a Scale shows: whoever owns the number of replicas owns it there (ScaleHandler.ToSubresource). */
export const toScale = (entries: readonly ManagedFieldsEntry[] | undefined, paths: ReplicasPaths): ManagedFieldsEntry[] | undefined => {
  const owners: Owners = new Map();
  for (const [identity, owner] of decodeOwners(entries, true) ?? []) {
    const path = paths.get(owner.apiVersion);
    if (path && has(owner.fields, path)) owners.set(identity, { ...owner, apiVersion: scaleVersion, fields: setOf(replicasInScale) });
  }
  return encodeOwners(owners);
};

/**
 * The object's entries after its Scale was written in `version`: who lost the number there loses it here (ScaleHandler.ToParent). An updater of the
 * object has another identity in the Scale, for the version is part of it: it is taken from and comes back without a time, as upstream.
 */
export const fromScale = (
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  paths: ReplicasPaths,
  version: string,
): ManagedFieldsEntry[] | undefined => {
  const scaled = decodeOwners(scaleEntries, true) ?? new Map<string, Owner>();
  const before = decodeOwners(entries, true) ?? new Map<string, Owner>();
  const owners: Owners = new Map();
  for (const [identity, owner] of before) {
    if (!paths.has(owner.apiVersion)) continue;
    const path = paths.get(owner.apiVersion);
    if (!path || !has(owner.fields, path) || scaled.delete(identity)) {
      owners.set(identity, owner);
      continue;
    }
    const fields = difference(owner.fields, setOf(path));
    if (!isEmptySet(fields)) owners.set(identity, { ...owner, fields });
  }
  const path = paths.get(version);
  for (const [identity, { time: _, ...owner }] of scaled) {
    if (!path || !has(owner.fields, replicasInScale)) continue;
    const time = before.get(identity)?.time;
    owners.set(identity, { ...owner, apiVersion: version, ...(time !== undefined && { time }), fields: setOf(path) });
  }
  return encodeOwners(owners);
};
