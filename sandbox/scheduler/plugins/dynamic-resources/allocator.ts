import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClass,
  DeviceConstraint,
  DeviceRequestAllocationResult,
  DeviceSubRequest,
  ResourceClaim,
} from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import { bears } from "../../framework/taints.ts";
import { attributeOf, isSelected } from "./device-selector.ts";
import { consume, countersOf, deviceId, devicesFor, hasCounters, type PooledDevice } from "./device-pools.ts";

/** One thing that is asked for: so many devices of a class. */
interface Wanted {
  /** As results name it: `gpu`, or `gpu/large` for an alternative. */
  readonly request: string;
  readonly parent: string;
  readonly className: string;
  readonly devices: readonly PooledDevice[];
  /** Undefined: all of them. */
  readonly count?: number;
  readonly adminAccess: boolean;
}

interface Chosen {
  readonly wanted: Wanted;
  readonly device: PooledDevice;
}

/** How many devices are tried before a claim counts as not allocatable: a bound on what an adversary can make us search. */
const longestSearch = 100_000;

/** Devices that other claims have. */
export const takenDevices = (cluster: Cluster): ReadonlySet<string> => {
  const taken = new Set<string>();
  for (const { status } of cluster.list("resourceclaims"))
    for (const { driver, pool, device, adminAccess } of status?.allocation?.devices?.results ?? [])
      if (!adminAccess) taken.add(deviceId(driver, pool, device));
  return taken;
};

/** Finds devices for claims on one node (structured.Allocator): all of them or none. */
export class Allocator {
  readonly #cluster: Cluster;
  readonly #taken: Set<string>;
  readonly #counters: Map<string, number>;
  #left = longestSearch;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#taken = new Set(takenDevices(cluster));
    this.#counters = countersOf(cluster.list("resourceslices"), this.#taken);
  }

  /** The allocation of each claim, in their order; undefined when not all can be had. Throws SelectorFailure. */
  allocate(claims: readonly ResourceClaim[], node: NodeInfo): readonly AllocationResult[] | undefined {
    const devices = devicesFor(node, this.#cluster.list("resourceslices"));
    const allocations: AllocationResult[] = [];
    const place = (at: number): boolean => {
      const claim = claims[at];
      if (!claim) return true;
      return this.#claim(claim, devices, (chosen) => {
        allocations[at] = this.#result(claim, chosen, node);
        return place(at + 1);
      });
    };
    return place(0) ? allocations : undefined;
  }

  #claim(claim: ResourceClaim, devices: readonly PooledDevice[], done: (chosen: readonly Chosen[]) => boolean): boolean {
    const requests = claim.spec.devices?.requests ?? [];
    const constraints = claim.spec.devices?.constraints ?? [];
    const chosen: Chosen[] = [];
    const next = (at: number): boolean => {
      const request = requests[at];
      if (!request) return done(chosen);
      const alternatives: readonly (DeviceSubRequest & { readonly adminAccess?: boolean })[] = request.firstAvailable ?? [
        { ...request.exactly!, name: "" },
      ];
      return alternatives.some((alternative) => {
        const name = request.firstAvailable ? `${request.name}/${alternative.name}` : request.name;
        const wanted = this.#wanted(name, request.name, alternative, devices);
        return (
          wanted !== undefined && this.#choose(wanted, wanted.count ?? wanted.devices.length, 0, chosen, constraints, () => next(at + 1))
        );
      });
    };
    return next(0);
  }

  #wanted(
    request: string,
    parent: string,
    asked: DeviceSubRequest & { readonly adminAccess?: boolean },
    devices: readonly PooledDevice[],
  ): Wanted | undefined {
    const {
      deviceClassName: className,
      selectors,
      allocationMode = "ExactCount",
      count = 1,
      tolerations = [],
      adminAccess = false,
    } = asked;
    const ofClass = this.#cluster.get("deviceclasses", className);
    if (!ofClass) return undefined;
    const suitable = devices.filter(
      ({ device, driver }) =>
        isSelected(device, driver, ofClass.spec.selectors) &&
        isSelected(device, driver, selectors) &&
        (device.taints ?? []).every((taint) => taint.effect === "None" || tolerations.some((toleration) => bears(toleration, taint))),
    );
    const all = allocationMode === "All";
    if (all && (suitable.length === 0 || suitable.some(({ incomplete }) => incomplete))) return undefined;
    return { request, parent, className, devices: suitable, adminAccess, ...(!all && { count }) };
  }

  /** Chooses `missing` more devices from `from` on, going back where a choice leads nowhere. */
  #choose(
    wanted: Wanted,
    missing: number,
    from: number,
    chosen: Chosen[],
    constraints: readonly DeviceConstraint[],
    done: () => boolean,
  ): boolean {
    if (missing === 0) return done();
    for (let at = from; at <= wanted.devices.length - missing; at++) {
      if (this.#left-- <= 0) return false;
      const device = wanted.devices[at]!;
      const pool = `${device.driver}/${device.pool}`;
      if (!wanted.adminAccess && (this.#taken.has(device.id) || !hasCounters(this.#counters, pool, device.device))) {
        if (wanted.count === undefined) return false;
        continue;
      }
      chosen.push({ wanted, device });
      if (!wanted.adminAccess) {
        this.#taken.add(device.id);
        consume(this.#counters, pool, device.device, 1);
      }
      if (holds(constraints, chosen) && this.#choose(wanted, missing - 1, at + 1, chosen, constraints, done)) return true;
      chosen.pop();
      if (!wanted.adminAccess) {
        this.#taken.delete(device.id);
        consume(this.#counters, pool, device.device, -1);
      }
      if (wanted.count === undefined) return false;
    }
    return false;
  }

  #result(claim: ResourceClaim, chosen: readonly Chosen[], node: NodeInfo): AllocationResult {
    const results = chosen.map(({ wanted, device }): DeviceRequestAllocationResult => ({
      request: wanted.request,
      driver: device.driver,
      pool: device.pool,
      device: device.device.name,
      ...(wanted.adminAccess && { adminAccess: true }),
    }));
    const config = this.#configuration(claim, chosen);
    const nodeSelector = nodeSelectorFor(chosen, node);
    return { devices: { results, ...(config.length > 0 && { config }) }, ...(nodeSelector && { nodeSelector }) };
  }

  /** What classes and the claim tell drivers, classes first. */
  #configuration(claim: ResourceClaim, chosen: readonly Chosen[]): DeviceAllocationConfiguration[] {
    const requests = new Map(chosen.map(({ wanted }) => [wanted.request, wanted]));
    const fromClasses = [...requests].flatMap(([request, { className }]) => {
      const ofClass: DeviceClass | undefined = this.#cluster.get("deviceclasses", className);
      return (ofClass?.spec.config ?? []).map((entry) => ({ source: "FromClass", requests: [request], ...entry }));
    });
    const parents = new Set([...requests.values()].flatMap(({ request, parent }) => [request, parent]));
    const fromClaim = (claim.spec.devices?.config ?? [])
      .filter((entry) => !entry.requests?.length || entry.requests.some((request) => parents.has(request)))
      .map((entry) => ({ source: "FromClaim", ...entry }));
    return [...fromClasses, ...fromClaim];
  }
}

/** Whether the devices that are chosen so far agree in what the claim wants them to agree in, and differ where they must. */
const holds = (constraints: readonly DeviceConstraint[], chosen: readonly Chosen[]): boolean =>
  constraints.every(({ requests, matchAttribute, distinctAttribute }) => {
    const concerned = chosen.filter(
      ({ wanted }) => !requests?.length || requests.includes(wanted.request) || requests.includes(wanted.parent),
    );
    const name = matchAttribute ?? distinctAttribute;
    if (name === undefined) return true;
    const values = concerned.map(({ device }) => attributeOf(device.device, device.driver, name));
    if (values.includes(undefined)) return false;
    const distinct = new Set(values).size;
    return matchAttribute === undefined ? distinct === values.length : distinct <= 1;
  });

/** Where pods that use the devices can run; undefined for everywhere. */
const nodeSelectorFor = (chosen: readonly Chosen[], node: NodeInfo): AllocationResult["nodeSelector"] => {
  const selectors = [];
  for (const { device } of chosen) {
    const { nodeName, nodeSelector } = device.slice.spec.perDeviceNodeSelection ? device.device : device.slice.spec;
    if (nodeName) return { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node.name] }] }] };
    if (nodeSelector) selectors.push(nodeSelector);
  }
  if (selectors.length === 0) return undefined;
  const terms = selectors.flatMap(({ nodeSelectorTerms }) => nodeSelectorTerms);
  return {
    nodeSelectorTerms: [
      {
        matchExpressions: terms.flatMap(({ matchExpressions }) => matchExpressions ?? []),
        matchFields: terms.flatMap(({ matchFields }) => matchFields ?? []),
      },
    ],
  };
};
