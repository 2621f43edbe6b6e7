import type { Service } from "../../../../../api/types.ts";
import { internalError, invalid } from "../../../../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../../../../apimachinery/meta/types.ts";
import { goStrings, invalidValue, type FieldError } from "../../../../../apimachinery/validation/field-error.ts";
import type { Random } from "../../../../../base/random/random.ts";
import type { ResourceCache } from "../../../../cache/resource-cache.ts";
import type { Request } from "../../../../endpoints/request.ts";
import { AddressRange, type IPFamily } from "./address-range.ts";
import { settleFamilies } from "./ip-families.ts";
import { keepAllocated, normalizeClusterIPs } from "./keep-allocated.ts";
import { addressesOf, isHeadless, needsClusterIP, needsHealthCheckPort, needsNodePort, portsOf } from "./needs.ts";
import { Pool, type Refusal } from "./pool.ts";

export interface AllocationOptions {
  /** One range, or one of each family: the first is the preferred one. `10.96.0.0/16` */
  readonly serviceCIDRs: readonly string[];
  /** The first and the last node port. */
  readonly nodePorts: readonly [number, number];
  readonly random: Random;
}

/**
 * Gives Services their addresses and node ports. What is taken follows from the stored Services, whoever wrote them, and from what requests in flight have
 * reserved; nothing else is kept, so nothing can be lost or leak.
 */
export class Allocation {
  readonly #ranges: readonly AddressRange[];
  readonly #ports: Pool;
  readonly #first: number;
  readonly #last: number;

  constructor({ serviceCIDRs, nodePorts: [first, last], random }: AllocationOptions) {
    this.#ranges = serviceCIDRs.map((cidr) => new AddressRange(cidr, random));
    const size = last - first + 1;
    this.#ports = new Pool({ first, size, band: Math.min(Math.max(16, Math.floor(size / 32)), 128), random });
    this.#first = first;
    this.#last = last;
  }

  /** Counts what stored Services hold, now and from now on. */
  follow(services: ResourceCache): void {
    const count = (service: Service | undefined, verb: "use" | "release"): void => {
      for (const address of addressesOf(service?.spec)) for (const range of this.#ranges) range[verb](address);
      for (const port of portsOf(service?.spec)) this.#ports[verb](port);
    };
    const known = new Map<string, Service>();
    const set = (key: string, service: Service | undefined): void => {
      count(known.get(key), "release");
      count(service, "use");
      if (service) known.set(key, service);
      else known.delete(key);
    };
    const readAll = (): void => {
      for (const key of [...known.keys()]) set(key, undefined);
      for (const { key, object } of services.list()) set(key, object as Service);
      services.subscribe(
        {},
        {
          change: ({ current, previous }) => set((current ?? previous!).key, current?.object as Service | undefined),
          ended: () => services.onceBegun(readAll),
        },
      );
    };
    readAll();
  }

  /** Fills in what a Service that is being written needs. What it reserves is given back when the request ends; by then it is stored, or not wanted. */
  reserve(request: Request, draft: Draft<AnyObject>, previousObject: AnyObject | undefined): void {
    const { stored, subresource } = request;
    if (stored.group !== "" || stored.resource !== "services" || subresource !== "") return;
    const service = draft as unknown as Draft<Service>;
    const previous = previousObject as Service | undefined;
    if (!service.spec) return;
    if (previous) keepAllocated(service, previous);
    normalizeClusterIPs(service, previous);
    refuseWrong(request, service, previous);
    refuse(
      service,
      settleFamilies(
        service,
        previous,
        this.#ranges.map(({ family }) => family),
      ),
    );
    this.#reserveAddresses(request, service, previous);
    this.#reservePorts(request, service, previous);
  }

  #reserveAddresses(request: Request, { metadata, spec }: Draft<Service>, previous: Service | undefined): void {
    if (!spec || !needsClusterIP(spec) || isHeadless(spec)) return;
    const held = new Set(addressesOf(previous?.spec));
    const wanted = spec.clusterIPs ?? [];
    const addresses = (spec.ipFamilies as readonly IPFamily[]).map((family, at) => {
      const asked = wanted[at] ?? "";
      if (held.has(asked)) return asked;
      const range = this.#ranges.find((each) => each.family === family)!;
      if (asked === "") {
        const address = range.takeAny();
        if (address === undefined) throw internalError("failed to allocate a serviceIP: range is full");
        request.atEnd(() => range.release(address));
        return address;
      }
      const refusal = range.take(asked);
      if (refusal)
        throw invalid({ group: "", kind: "Service" }, metadata.name ?? "", [
          invalidValue("spec.clusterIPs", goStrings(wanted), `failed to allocate IP ${asked}: ${addressWords(refusal, range.cidr)}`),
        ]);
      request.atEnd(() => range.release(asked));
      return asked;
    });
    spec.clusterIPs = addresses;
    spec.clusterIP = addresses[0]!;
  }

  #reservePorts(request: Request, { metadata, spec }: Draft<Service>, previous: Service | undefined): void {
    if (!spec) return;
    const held = new Set(portsOf(previous?.spec));
    const mine = new Map<number, string>();
    const take = (port: number, field: string): void => {
      if (held.has(port)) return;
      const refusal = this.#ports.take(port);
      if (refusal)
        throw invalid({ group: "", kind: "Service" }, metadata.name ?? "", [invalidValue(field, port, this.#portWords(refusal))]);
      request.atEnd(() => this.#ports.release(port));
    };
    const takeAny = (): number => {
      const port = this.#ports.takeAny();
      if (port === undefined) throw internalError("failed to allocate a nodePort: range is full");
      request.atEnd(() => this.#ports.release(port));
      return port;
    };
    if (needsNodePort(spec)) {
      for (const [at, port] of (spec.ports ?? []).entries()) {
        const { nodePort = 0, protocol = "TCP" } = port;
        if (nodePort === 0) {
          // A port number that is served by several protocols gets one node port for all of them.
          const twin = spec.ports!.find(
            (each) => each.port === port.port && each !== port && (each.nodePort ?? 0) !== 0 && (each.protocol ?? "TCP") !== protocol,
          );
          port.nodePort = twin ? twin.nodePort! : takeAny();
        } else if (mine.get(nodePort) === undefined) take(nodePort, `spec.ports[${String(at)}].nodePort`);
        mine.set(port.nodePort!, protocol);
      }
    }
    if (!needsHealthCheckPort(spec)) return;
    const asked = spec.healthCheckNodePort ?? 0;
    if (asked === 0) spec.healthCheckNodePort = takeAny();
    else take(asked, "spec.healthCheckNodePort");
  }

  #portWords(refusal: Refusal): string {
    if (refusal === "allocated") return "provided port is already allocated";
    return `provided port is not in the valid range. The range of valid ports is ${String(this.#first)}-${String(this.#last)}`;
  }
}

const addressWords = (refusal: Refusal, cidr: string): string =>
  refusal === "allocated" ? "provided IP is already allocated" : `provided IP is not in the valid range. The range of valid IPs is ${cidr}`;

/** What is wrong with the fields that allocation looks at is said first, and alone (ValidateServiceClusterIPsRelatedFields). */
const refuseWrong = ({ stored, context }: Request, service: Draft<Service>, previous: Service | undefined): void => {
  const { strategy } = stored;
  const object = service as unknown as AnyObject;
  const related = /^spec\.(?:clusterIPs?|ipFamilies|ipFamilyPolicy)(?:\[|$)/;
  const errors = previous ? strategy.validateUpdate?.(object, previous, context) : strategy.validate?.(object, context);
  const concerning = errors?.filter(({ field }) => related.test(field)) ?? [];
  refuse(service, concerning);
};

const refuse = ({ metadata }: Draft<Service>, errors: readonly FieldError[]): void => {
  if (errors.length > 0) throw invalid({ group: "", kind: "Service" }, metadata.name ?? "", errors);
};
