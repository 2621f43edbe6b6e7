import type { VersionPack } from "../api/pack/version-pack.ts";
import { failure, StatusError } from "../apimachinery/errors/status.ts";
import type { Operation, OperationResult, Perform } from "../apimachinery/operation/operation.ts";
import type { Clock } from "../base/clock/clock.ts";
import { silentLog, type Log } from "../base/log/log.ts";
import type { Random } from "../base/random/random.ts";
import type { Storage } from "../storage/storage.ts";
import { AdmissionChain } from "./admission/chain.ts";
import { afterWebhooks, beforeWebhooks, type MakePlugin } from "./admission/built-in.ts";
import type { AdmissionContext } from "./admission/plugin.ts";
import { decide, type Authorizer, type Decision } from "./authorization/authorizer.ts";
import { notAuthorized } from "./authorization/forbidden.ts";
import { attributesOf } from "./authorization/operation-attributes.ts";
import { Horizon } from "./cache/horizon.ts";
import { WatchCache, type Reader } from "./cache/watch-cache.ts";
import { endpoint } from "./endpoints/endpoint.ts";
import { createReview, type Review } from "./endpoints/review.ts";
import { computed, isComputed } from "./endpoints/computed.ts";
import { Request, type IssueToken, type Machinery } from "./endpoints/request.ts";
import { Allocation } from "./registry/core/services/allocation/allocation.ts";
import { keepDanglingConditions } from "./flowcontrol/dangling.ts";
import { ensureDefaultServiceCIDR } from "./registry/core/services/allocation/default-service-cidr.ts";
import { keepIPAddresses } from "./registry/core/services/allocation/ip-addresses.ts";
import { builtInEntries } from "./registry/built-in.ts";
import { Registry } from "./registry/registry.ts";
import type { Strategy } from "./registry/strategy.ts";

export interface ApiServerOptions {
  readonly storage: Storage;
  /** What the version of Kubernetes serves. */
  readonly pack: VersionPack;
  readonly clock: Clock;
  readonly random: Random;
  readonly strategies: readonly Strategy[];
  /** Everybody may do everything when absent. */
  readonly authorizer?: Authorizer;
  /** By `group/resource`: `authorization.k8s.io/subjectaccessreviews`. */
  readonly reviews?: Readonly<Record<string, Review>>;
  readonly issueToken?: IssueToken;
  /** Groups that are answered by handlers; undefined for operations on others. */
  readonly endpoints?: (operation: Operation) => Promise<OperationResult> | undefined;
  /** Policies and webhooks: plugins after the built-in ones, before quotas. */
  readonly dynamicAdmission?: readonly MakePlugin[];
  /** Names of built-in plugins that are not wanted, as `--disable-admission-plugins`. */
  readonly withoutAdmission?: readonly string[];
  /** Whether a feature gate is on; all are when absent. */
  readonly enabled?: (feature: string) => boolean;
  /** Where Services get their addresses: one range, or one of each family. `10.96.0.0/16` when absent. */
  readonly serviceCIDRs?: readonly string[];
  /** The first and the last node port; 30000 and 32767 when absent. */
  readonly nodePorts?: readonly [number, number];
  readonly log?: Log;
}

/** The API server's inner half: `perform` on objects, over a store. */
export interface ApiServer {
  readonly perform: Perform;
  readonly registry: Registry;
  /** The newest objects, at once, for who judges requests (authorizers, authenticators). */
  readonly reader: Reader;
  readonly machinery: Machinery;
  /** Reads what is stored; `perform` waits for it. */
  start(): Promise<void>;
  /** Ends all watches. The store stays open: it is its owner's. */
  stop(): Promise<void>;
}

const flowcontrol = "flowcontrol.apiserver.k8s.io";

/** An API server over a store. Serves once it is started. */
export const createApiServer = (options: ApiServerOptions): ApiServer => {
  const { storage, clock, random, log = silentLog, enabled = () => true } = options;
  const cache = new WatchCache({ storage, log });
  const registry = new Registry(cache);
  const minorVersion = Number(options.pack.version.split(".")[1]);
  const perform: Perform = async (operation) => {
    if (!ready) await start();
    return performOne(machinery, options, operation);
  };
  const context: AdmissionContext = { reader: cache, clock, random, enabled, minorVersion, perform, authorizer: options.authorizer };
  const plugins = [...beforeWebhooks, ...(options.dynamicAdmission ?? []), ...afterWebhooks].map((make) => make(context));
  const admission = new AdmissionChain(plugins.filter(({ name }) => !options.withoutAdmission?.includes(name)));
  const { serviceCIDRs = ["10.96.0.0/16"], nodePorts = [30_000, 32_767] } = options;
  const allocation = new Allocation({ serviceCIDRs, nodePorts, random });
  const machinery: Machinery = {
    storage,
    cache,
    registry,
    admission,
    clock,
    random,
    allocation,
    enabled,
    schemas: options.pack,
    issueToken: options.issueToken,
    authorizer: options.authorizer,
  };
  const horizon = new Horizon(cache, clock);
  let started: Promise<void> | undefined;
  let ready = false;
  const start = (): Promise<void> => (started ??= begin());
  const begin = async (): Promise<void> => {
    for (const entry of builtInEntries(options.pack, options.strategies)) await registry.add(entry);
    await cache.start();
    allocation.follow(cache.of(registry.find("", "v1", "services")!.stored));
    horizon.start();
    ready = true;
    const cacheOf = (group: string, resource: string) => {
      const entry = registry.find(group, "v1", resource);
      return entry && cache.of(entry.stored);
    };
    const [flowSchemas, priorityLevels] = [cacheOf(flowcontrol, "flowschemas"), cacheOf(flowcontrol, "prioritylevelconfigurations")];
    if (flowSchemas && priorityLevels) keepDanglingConditions({ flowSchemas, priorityLevels, perform, clock, log });
    const [services, addresses] = [cacheOf("", "services"), cacheOf("networking.k8s.io", "ipaddresses")];
    if (services && addresses) keepIPAddresses({ services, addresses, perform, clock, log });
    if (registry.find("networking.k8s.io", "v1", "servicecidrs"))
      clock.after(0, () => {
        ensureDefaultServiceCIDR(perform, clock, serviceCIDRs).catch((error: unknown) =>
          log.warn("the default ServiceCIDR is missing", { error: String(error) }),
        );
      });
  };
  return {
    perform,
    registry,
    reader: cache,
    machinery,
    start,
    stop: () => {
      horizon.stop();
      cache.stop();
      return Promise.resolve();
    },
  };
};

const performOne = async (machinery: Machinery, options: ApiServerOptions, operation: Operation): Promise<OperationResult> => {
  const { group, version, resource } = operation;
  // Most decide at once; only those that ask elsewhere are waited for.
  const authorizing = authorize(options.authorizer, operation);
  if (authorizing) await authorizing;
  const review = options.reviews?.[`${group}/${resource}`];
  if (review && operation.verb === "create") return createReview(machinery, operation, review);
  const entry = machinery.registry.find(group, version, resource);
  const answered = entry ? undefined : options.endpoints?.(operation);
  if (answered) return answered;
  if (!entry && isComputed(group, resource)) return computed(machinery, operation);
  if (!entry) throw failure(404, "NotFound", "the server could not find the requested resource", {});
  const request = new Request(machinery, operation, entry);
  for (const warning of operation.warnings ?? []) request.warn(warning);
  if (entry.deprecation !== undefined) request.warn(entry.deprecation);
  try {
    const result = await endpoint(request);
    return request.warnings.length === 0 ? result : { ...result, warnings: request.warnings };
  } catch (error) {
    throw error instanceof StatusError && request.warnings.length > 0 ? new StatusError(error.status, request.warnings) : error;
  } finally {
    request.end();
  }
};

const authorize = (authorizer: Authorizer | undefined, operation: Operation): void | Promise<void> => {
  if (!authorizer) return;
  const attributes = attributesOf(operation);
  const checked = ({ decision, reason }: Decision): void => {
    if (decision !== "allow") throw notAuthorized(attributes, reason);
  };
  const decided = decide(authorizer, attributes);
  return decided instanceof Promise ? decided.then(checked) : checked(decided);
};
