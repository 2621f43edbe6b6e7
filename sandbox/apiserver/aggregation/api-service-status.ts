import { hasReason } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { toTime, type Clock } from "../../base/clock/clock.ts";
import type { Log } from "../../base/log/log.ts";
import type { Random } from "../../base/random/random.ts";
import type { ResourceCache } from "../cache/resource-cache.ts";
import type { Reader } from "../cache/watch-cache.ts";
import type { ApiService } from "../discovery/api-services.ts";
import { loopbackAgent, loopbackUser } from "../loopback/loopback.ts";
import type { Perform } from "../operation.ts";
import { serviceTarget } from "../server/connect/proxy-target.ts";
import { textOf } from "../server/connect/backend.ts";
import { failedDiscovery, passed, storedAvailability, type Availability, type Backing } from "./availability.ts";
import { askRemote, type FrontProxyCertificate } from "./remote-api.ts";

const group = "apiregistration.k8s.io";
const sliceLabel = "kubernetes.io/service-name";

/** How long a backend may take to answer, and after how long it is asked again. Milliseconds. */
const patienceMs = 5000;
const againMs = 30_000;

export interface ApiServiceStatusOptions {
  readonly perform: Perform;
  readonly reader: Reader;
  readonly apiServices: ResourceCache;
  readonly services: ResourceCache;
  readonly endpointSlices: ResourceCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly certificate: FrontProxyCertificate;
}

/** Says of each APIService of another server whether that can be reached: upstream's availability controller. */
export class ApiServiceStatus {
  readonly #options: ApiServiceStatusOptions;
  readonly #waiting = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #stopped = false;

  constructor(options: ApiServiceStatusOptions) {
    this.#options = options;
  }

  start(): void {
    const { apiServices, services, endpointSlices } = this.#options;
    this.#ends.push(
      apiServices.subscribe({}, { change: ({ current }) => current && this.#soon(current.name), ended: () => {} }),
      services.subscribe({}, { change: ({ current, previous }) => this.#serviceChanged(current ?? previous), ended: () => {} }),
      endpointSlices.subscribe(
        {},
        { change: ({ current, previous }) => this.#serviceChanged(current ?? previous, sliceLabel), ended: () => {} },
      ),
    );
    for (const { name } of apiServices.list()) this.#soon(name);
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#ends) end();
  }

  #serviceChanged(
    changed: { readonly namespace: string; readonly name: string; readonly object: AnyObject } | undefined,
    label?: string,
  ): void {
    if (!changed) return;
    const name = label === undefined ? changed.name : changed.object.metadata.labels?.[label];
    for (const { object } of this.#options.apiServices.list()) {
      const { service } = (object as unknown as ApiService).spec;
      if (service?.namespace === changed.namespace && service.name === name) this.#soon(object.metadata.name ?? "");
    }
  }

  /** Writing takes its turn behind whoever is being answered now. */
  #soon(name: string, afterMs = 0): void {
    if (this.#waiting.has(name) || this.#stopped) return;
    this.#waiting.add(name);
    this.#options.clock.after(afterMs, () => {
      this.#waiting.delete(name);
      if (!this.#stopped)
        void this.#judge(name).catch((error: unknown) =>
          this.#options.log.warn("an APIService keeps its old condition", { name, error: String(error) }),
        );
    });
  }

  async #judge(name: string): Promise<void> {
    const service = this.#find(name);
    if (!service?.spec.service) return;
    const availability = storedAvailability(service, this.#backing(service)) ?? (await this.#options.clock.busy(this.#ask(service)));
    await this.#write(name, availability);
    if (availability.reason === "FailedDiscoveryCheck" || availability.reason === "Passed") this.#soon(name, againMs);
  }

  #find(name: string): ApiService | undefined {
    return this.#options.reader.get(group, "apiservices", "", name) as ApiService | undefined;
  }

  #backing({ spec }: ApiService): Backing {
    const { reader } = this.#options;
    const { namespace = "", name = "" } = spec.service ?? {};
    const slices = reader
      .list("discovery.k8s.io", "endpointslices", namespace)
      .filter(({ metadata }) => metadata.labels?.[sliceLabel] === name);
    return { service: reader.get("", "services", namespace, name) as Backing["service"], slices };
  }

  /** The backend is there when it answers for its group version. */
  async #ask({ spec }: ApiService): Promise<Availability> {
    const { reader, random, certificate } = this.#options;
    const { namespace = "", name = "", port = 443 } = spec.service ?? {};
    const path = `/apis/${spec.group ?? ""}/${spec.version ?? ""}`;
    let url = `https://${name}.${namespace}.svc:${String(port)}${path}`;
    try {
      const target = serviceTarget(reader, namespace, `https:${name}:${String(port)}`, (below) => random.integer(below));
      url = `https://${target.host}:${String(target.port)}${path}`;
      const answer = await askRemote(certificate, {
        target,
        serverName: `${name}.${namespace}.svc`,
        ...(spec.insecureSkipTLSVerify ? {} : { caBundle: spec.caBundle ?? "" }),
        method: "GET",
        path,
        headers: { "x-remote-user": "system:kube-aggregator", "x-remote-group": ["system:masters"] },
        timeoutMs: patienceMs,
      });
      await textOf(answer.body);
      return answer.code >= 200 && answer.code < 300 ? passed : failedDiscovery(url, `bad status from ${url}: ${String(answer.code)}`);
    } catch (error) {
      return failedDiscovery(url, `Get ${JSON.stringify(url)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #write(name: string, availability: Availability): Promise<void> {
    const { perform, clock } = this.#options;
    const stored = this.#find(name) as (ApiService & AnyObject) | undefined;
    if (!stored) return;
    const known = stored.status?.conditions?.find(({ type }) => type === "Available") as
      (Availability & { readonly lastTransitionTime?: string }) | undefined;
    if (known?.status === availability.status && known.reason === availability.reason && known.message === availability.message) return;
    const lastTransitionTime = known?.status === availability.status ? known.lastTransitionTime : toTime(clock.now());
    const { status, reason, message } = availability;
    const object: AnyObject = { ...stored, status: { conditions: [{ type: "Available", status, lastTransitionTime, reason, message }] } };
    try {
      await perform({
        verb: "update",
        group,
        version: "v1",
        resource: "apiservices",
        subresource: "status",
        name,
        object,
        user: loopbackUser,
        userAgent: loopbackAgent,
      });
    } catch (error) {
      if (hasReason(error, "Conflict")) this.#soon(name);
      else if (!hasReason(error, "NotFound")) throw error;
    }
  }
}
