import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import type { Endpoint, EndpointSlice, Service } from "../../api/types.ts";
import type { SliceChanges } from "../service-endpoints/slices.ts";

/** `trafficDistribution: PreferClose` hints each endpoint to its own zone; without it there are no hints (trafficdist.ReconcileHints). */
export const withHints = ({ spec }: Service, changes: SliceChanges): SliceChanges => {
  const hinted = spec?.trafficDistribution === "PreferClose" || spec?.trafficDistribution === "PreferSameZone" ? hintZone : withoutHints;
  const each = (slice: EndpointSlice): EndpointSlice => {
    const endpoints = (slice.endpoints ?? []).map(hinted);
    return isSemanticallyEqual(endpoints, slice.endpoints) ? slice : { ...slice, endpoints };
  };
  const kept = changes.keep.map((slice) => ({ slice, next: each(slice) }));
  return {
    create: changes.create.map(each),
    update: [...changes.update.map(each), ...kept.filter(({ slice, next }) => slice !== next).map(({ next }) => next)],
    remove: changes.remove,
    keep: kept.filter(({ slice, next }) => slice === next).map(({ slice }) => slice),
  };
};

const hintZone = (endpoint: Endpoint): Endpoint =>
  endpoint.zone && endpoint.conditions?.ready !== false ? { ...endpoint, hints: { forZones: [{ name: endpoint.zone }] } } : endpoint;

const withoutHints = (endpoint: Endpoint): Endpoint => {
  const { hints: _, ...rest } = endpoint;
  return endpoint.hints ? rest : endpoint;
};
