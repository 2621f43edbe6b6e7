import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import type { Endpoint, DiscoveryV1EndpointPort as EndpointPort, EndpointSlice } from "../../api/types.ts";

/** What has to be written for the slices to show the endpoints that are wanted. */
export interface SliceChanges {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
  /** Slices that stay as they are. */
  readonly keep: EndpointSlice[];
}

/** Endpoints that share their ports, and so may share slices. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

export interface Packing {
  /** A slice with everything but endpoints. */
  readonly fresh: (ports: readonly EndpointPort[]) => EndpointSlice;
  /** The slice with labels and annotations as they should be; the same object where they are. */
  readonly refreshed: (slice: EndpointSlice) => EndpointSlice;
  readonly most: number;
}

export const keyOfPorts = (ports: readonly EndpointPort[] | null | undefined): string =>
  JSON.stringify(
    (ports ?? [])
      .map(({ name = "", port, protocol, appProtocol }) => [name, port, protocol, appProtocol])
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );

/** What tells an endpoint from others: not what may change of it. */
export const keyOfEndpoint = ({ addresses, hostname, targetRef }: Endpoint): string =>
  `${[...addresses].sort().join(",")}|${hostname ?? ""}|${targetRef?.namespace ?? ""}/${targetRef?.name ?? ""}`;

/**
 * Packs endpoints of one address type into slices with as few changes as can be (EndpointSlice reconciler): first existing slices lose what is
 * not wanted, those that change anyhow are filled, then one with room enough takes all that is left, or new ones are made.
 */
export const packSlices = (existing: readonly EndpointSlice[], groups: readonly PortGroup[], packing: Packing): SliceChanges => {
  const changes: SliceChanges = { create: [], update: [], remove: [], keep: [] };
  const byPorts = Map.groupBy(existing, ({ ports }) => keyOfPorts(ports));
  for (const group of groups) {
    const key = keyOfPorts(group.ports);
    packGroup(byPorts.get(key) ?? [], group, packing, changes);
    byPorts.delete(key);
  }
  for (const slices of byPorts.values()) changes.remove.push(...slices);
  return changes;
};

const packGroup = (existing: readonly EndpointSlice[], group: PortGroup, packing: Packing, changes: SliceChanges): void => {
  const wanted = new Map(group.endpoints);
  const keep: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  for (const slice of existing) {
    const { endpoints, changed } = stillWanted(slice, wanted);
    if (changed && endpoints.length === 0) changes.remove.push(slice);
    else if (changed) update.push({ ...packing.refreshed(slice), endpoints });
    else if (packing.refreshed(slice) !== slice) update.push(packing.refreshed(slice));
    else keep.push(slice);
  }
  const fill = (slice: EndpointSlice): EndpointSlice => {
    const room = Math.max(0, packing.most - (slice.endpoints?.length ?? 0));
    const taken = [...wanted].slice(0, room);
    for (const [key] of taken) wanted.delete(key);
    return taken.length === 0 ? slice : { ...slice, endpoints: [...(slice.endpoints ?? []), ...taken.map(([, endpoint]) => endpoint)] };
  };
  update.sort((a, b) => (b.endpoints?.length ?? 0) - (a.endpoints?.length ?? 0));
  for (let at = 0; at < update.length && wanted.size > 0; at++) update[at] = fill(update[at]!);
  while (wanted.size > 0) {
    const roomy = wanted.size < packing.most ? fullestWithRoom(keep, wanted.size, packing.most) : undefined;
    if (roomy) {
      keep.splice(keep.indexOf(roomy), 1);
      update.push(fill(roomy));
    } else changes.create.push(fill(packing.fresh(group.ports)));
  }
  changes.update.push(...update);
  changes.keep.push(...keep);
};

const stillWanted = (
  slice: EndpointSlice,
  wanted: Map<string, Endpoint>,
): { readonly endpoints: readonly Endpoint[]; readonly changed: boolean } => {
  let changed = false;
  const endpoints: Endpoint[] = [];
  for (const endpoint of slice.endpoints ?? []) {
    const key = keyOfEndpoint(endpoint);
    const next = wanted.get(key);
    wanted.delete(key);
    if (!next) {
      changed = true;
      continue;
    }
    const { hints: _, ...before } = endpoint;
    const same = isSemanticallyEqual(before, next);
    if (!same) changed = true;
    endpoints.push(same ? endpoint : next);
  }
  return { endpoints, changed };
};

const fullestWithRoom = (slices: readonly EndpointSlice[], count: number, most: number): EndpointSlice | undefined => {
  let best: EndpointSlice | undefined;
  for (const slice of slices) {
    const size = slice.endpoints?.length ?? 0;
    if (size + count <= most && size > (best?.endpoints?.length ?? -1)) best = slice;
  }
  return best;
};

/** Where slices are made while others go, those that go are overwritten instead (finalize). */
export const reuseRemoved = (changes: SliceChanges, mayReuse: (slice: EndpointSlice) => boolean): SliceChanges => {
  const create = [...changes.create];
  const update = [...changes.update];
  const remove: EndpointSlice[] = [];
  for (const slice of changes.remove) {
    const next = create.at(-1);
    if (next?.addressType === slice.addressType && mayReuse(slice)) {
      create.pop();
      update.push({
        ...next,
        metadata: {
          ...slice.metadata,
          labels: next.metadata.labels,
          annotations: next.metadata.annotations,
          ownerReferences: next.metadata.ownerReferences,
        },
      });
    } else remove.push(slice);
  }
  return { create, update, remove, keep: changes.keep };
};
