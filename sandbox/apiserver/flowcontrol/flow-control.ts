import type { FlowSchema, PriorityLevelConfiguration } from "../../api/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { ResourceCache } from "../cache/resource-cache.ts";
import type { UserInfo } from "../operation.ts";
import { flowOf, inOrder, matches, type FlowRequest } from "./classify.ts";
import { Seats } from "./seats.ts";

/** How many requests are answered at a time, all levels together: upstream's --max-requests-inflight and --max-mutating-requests-inflight. */
const defaultSeats = 600;
const mostRemembered = 4096;

export interface FlowControlOptions {
  /** What is stored; undefined until it is read. */
  readonly flowSchemas: () => ResourceCache | undefined;
  readonly priorityLevels: () => ResourceCache | undefined;
  readonly clock: Clock;
  readonly seats?: number;
}

/** What a request was found to be. */
export interface Classification {
  /** `X-Kubernetes-PF-…-UID`, which every answer bears. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it takes its seat. */
  readonly seats: Seats;
  readonly flow: string;
}

/**
 * API priority and fairness: which FlowSchema a request belongs to, and so on which priority level it is answered. What was found is remembered for as long as
 * nobody writes to either kind. Seats are not lent from one level to another.
 */
export class FlowControl {
  readonly #options: FlowControlOptions;
  readonly #levels = new Map<string, { readonly uid: string; readonly seats: Seats }>();
  readonly #known = new Map<string, Classification | undefined>();
  #schemas: readonly FlowSchema[] = [];
  #schemaRevision = -1;
  #levelRevision = -1;

  constructor(options: FlowControlOptions) {
    this.#options = options;
  }

  /** Undefined while there are no schemas yet, or for requests that none matches. */
  classify(user: UserInfo, request: FlowRequest): Classification | undefined {
    this.#refresh();
    const { isResource, verb } = request;
    const about = isResource
      ? `${request.group}\0${request.resource}\0${request.subresource}\0${request.namespace}`
      : `\0\0\0\0${request.path}`;
    const key = `${user.name}\0${user.groups.join("\0")}\0\0${verb}\0${about}`;
    const known = this.#known.get(key);
    if (known || this.#known.has(key)) return known;
    const found = this.#find(user, request);
    if (this.#known.size >= mostRemembered) this.#known.delete(this.#known.keys().next().value ?? "");
    this.#known.set(key, found);
    return found;
  }

  #find(user: UserInfo, request: FlowRequest): Classification | undefined {
    const schema = this.#schemas.find((each) => matches(each, user, request));
    const level = schema && this.#levels.get(schema.spec?.priorityLevelConfiguration?.name ?? "");
    if (!schema || !level) return undefined;
    return {
      headers: { "x-kubernetes-pf-flowschema-uid": schema.metadata.uid ?? "", "x-kubernetes-pf-prioritylevel-uid": level.uid },
      seats: level.seats,
      flow: `${schema.metadata.name ?? ""}\0${flowOf(schema, user, request)}`,
    };
  }

  /** Takes over what has been written since. Requests that are under way keep their seats. */
  #refresh(): void {
    const { flowSchemas, priorityLevels, clock, seats: total = defaultSeats } = this.#options;
    const [schemas, levels] = [flowSchemas(), priorityLevels()];
    if (!schemas || !levels || (schemas.revision === this.#schemaRevision && levels.revision === this.#levelRevision)) return;
    this.#schemaRevision = schemas.revision;
    this.#levelRevision = levels.revision;
    const configurations = levels.list().map(({ object }) => object as PriorityLevelConfiguration);
    const sum = configurations.reduce((before, each) => before + sharesOf(each), 0);
    const names = new Set<string>();
    for (const configuration of configurations) {
      const { name = "", uid = "" } = configuration.metadata;
      names.add(name);
      const { seats } = this.#levels.get(name) ?? { seats: new Seats(clock) };
      this.#levels.set(name, { uid, seats });
      seats.configure(configuration, Math.ceil((total * sharesOf(configuration)) / Math.max(1, sum)));
    }
    for (const name of this.#levels.keys()) if (!names.has(name)) this.#levels.delete(name);
    const usable = schemas.list().map(({ object }) => object as FlowSchema);
    this.#schemas = inOrder(usable.filter(({ spec }) => names.has(spec?.priorityLevelConfiguration?.name ?? "")));
    this.#known.clear();
  }
}

const sharesOf = ({ spec }: PriorityLevelConfiguration): number =>
  (spec?.type === "Exempt" ? (spec.exempt?.nominalConcurrencyShares ?? 0) : spec?.limited?.nominalConcurrencyShares) ?? 30;
