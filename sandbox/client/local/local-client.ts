import { failure, StatusError, type Status, type StatusReason } from "../../apimachinery/errors/status.ts";
import type { AnyObject, KubeList, KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { apiVersionOf } from "../../apimachinery/meta/types.ts";
import type {
  Operation,
  OperationOptions,
  OperationResult,
  Perform,
  UserInfo,
  Verb,
  WatchEvent,
} from "../../apimachinery/operation/operation.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Cause } from "../../base/trace/cause.ts";
import type { Gate, Verdict } from "../../base/trace/gate.ts";
import type { Client, ClientWatch, ClientWatchEvent, ListOptions, Place, WriteOptions } from "../client.ts";

export interface LocalClientOptions {
  readonly perform: Perform;
  readonly user: UserInfo;
  /** `kube-controller-manager/v1.32.0 (linux/amd64) kubernetes/drydock/replicaset-controller`: names the default field manager. */
  readonly userAgent: string;
  readonly clock: Clock;
  readonly gate?: Gate;
  /** Who writes, as causes name it; what stands before the user agent's first slash when absent. */
  readonly by?: string;
}

interface Request {
  readonly verb: Verb;
  readonly type: ResourceType;
  readonly place: Partial<Place>;
  readonly subresource?: string;
  readonly object?: AnyObject;
  readonly patch?: Operation["patch"];
  readonly options?: OperationOptions;
}

/** A client in the API server's own process: objects go in and come out as they are, shared with the server's cache. */
export const localClient = (options: LocalClientOptions): Client => {
  const by = options.by ?? options.userAgent.replace(/\/.*/, "");
  return clientFor(options, { by, user: options.user.name });
};

const clientFor = (options: LocalClientOptions, cause: Cause): Client => {
  const call = <T extends KubeObject>(request: Request): Promise<T | undefined> => {
    const { gate } = options;
    if (gate) {
      const held = gate.hold(heldCall(request, cause));
      if (held) return options.clock.busy(held).then((verdict) => afterVerdict<T>(options, cause, request, verdict));
    }
    return send<T>(options, cause, request);
  };
  const object = async <T extends KubeObject>(request: Request): Promise<T> => (await call<T>(request))!;
  const write = <T extends KubeObject>(
    verb: "create" | "update",
    type: ResourceType<T>,
    sent: T,
    given: WriteOptions | undefined,
  ): Promise<T> =>
    object<T>({
      verb,
      type,
      place: placeOf(type, sent),
      subresource: given?.subresource,
      object: whole(type, sent),
      options: writeOptions(given),
    });

  return {
    get: (type, place, given) => object({ verb: "get", type, place, subresource: given?.subresource }),
    async list<T extends KubeObject>(type: ResourceType<T>, given: ListOptions = {}): Promise<KubeList<T>> {
      const { namespace, ...rest } = given;
      const verdict = await options.gate?.hold(heldCall({ verb: "list", type, place: { namespace } }, cause));
      if (verdict?.kind === "fail") throw refusal(verdict);
      const result = await options.perform(operation(options, cause, { verb: "list", type, place: { namespace }, options: rest }));
      if (result.kind !== "list") throw unexpected(result);
      return { ...result.list, items: result.items.map(({ object: item }) => item as unknown as T) };
    },
    watch: (type, given, receiver) => openWatch(options, cause, type, given, receiver),
    create: (type, sent, given) => write("create", type, sent, given),
    update: (type, sent, given) => write("update", type, sent, given),
    updateStatus: (type, sent, given) => write("update", type, sent, { ...given, subresource: "status" }),
    patch: (type, place, patch, given) =>
      object({ verb: "patch", type, place, subresource: given?.subresource, patch, options: writeOptions(given) }),
    apply: (type, sent, given) =>
      object({
        verb: "patch",
        type,
        place: placeOf(type, sent),
        subresource: given.subresource,
        patch: { type: "apply", body: whole(type, sent) },
        options: { ...writeOptions(given), force: given.force },
      }),
    async delete<T extends KubeObject>(type: ResourceType<T>, place: Place, given = {}): Promise<T | undefined> {
      const left = await call<T>({ verb: "delete", type, place, options: given });
      return left?.kind === "Status" ? undefined : left;
    },
    async deleteCollection(type, { namespace, ...selection }, deletion) {
      await call({ verb: "deletecollection", type, place: { namespace }, options: { ...selection, ...deletion } });
    },
    post: <T extends KubeObject, Answer>(type: ResourceType<T>, place: Place, subresource: string, body: unknown): Promise<Answer> =>
      object({ verb: "create", type, place, subresource, object: body as AnyObject }) as unknown as Promise<Answer>,
    because: (more) => clientFor(options, { ...cause, ...more }),
  };
};

const send = async <T extends KubeObject>(options: LocalClientOptions, cause: Cause, request: Request): Promise<T | undefined> => {
  const result = await options.perform(operation(options, cause, request));
  if (result.kind === "object") return result.stored.object as unknown as T;
  if (result.kind === "value") return result.value as unknown as T;
  if (result.kind === "list") return undefined;
  throw unexpected(result);
};

const operation = (
  { user, userAgent }: LocalClientOptions,
  cause: Cause,
  { verb, type, place, subresource, object, patch, options }: Request,
): Operation => ({
  verb,
  group: type.group,
  version: type.version,
  resource: type.resource,
  ...(subresource !== undefined && { subresource }),
  ...(place.namespace !== undefined && { namespace: place.namespace }),
  ...(place.name !== undefined && { name: place.name }),
  user,
  userAgent,
  ...(object && { object }),
  ...(patch && { patch }),
  ...(options && { options }),
  cause,
});

/** The debugger let the call go, perhaps with another body; or it is skipped, or fails without the server having seen it. */
const afterVerdict = async <T extends KubeObject>(
  options: LocalClientOptions,
  cause: Cause,
  request: Request,
  verdict: Verdict,
): Promise<T | undefined> => {
  if (verdict.kind === "fail") throw refusal(verdict);
  if (verdict.kind === "skip") {
    if (request.object) return request.object as unknown as T;
    return request.verb === "patch" ? send<T>(options, cause, { verb: "get", type: request.type, place: request.place }) : undefined;
  }
  if (verdict.body === undefined) return send<T>(options, cause, request);
  const changed = request.patch ? { patch: { ...request.patch, body: verdict.body } } : { object: verdict.body as AnyObject };
  return send<T>(options, cause, { ...request, ...changed });
};

const heldCall = ({ verb, type, place, subresource, object, patch }: Request, cause: Cause) => ({
  verb,
  resource: type.group === "" ? type.resource : `${type.resource}.${type.group}`,
  subresource,
  namespace: place.namespace,
  name: place.name,
  body: object ?? patch?.body,
  cause,
});

const openWatch = <T extends KubeObject>(
  options: LocalClientOptions,
  cause: Cause,
  type: ResourceType<T>,
  { namespace, ...rest }: ListOptions & { readonly resourceVersion: string },
  receiver: { event(event: ClientWatchEvent<T>): void; ended(error?: Error): void },
): ClientWatch => {
  let stopStream: (() => void) | undefined;
  let over = false;
  const end = (error?: Error): void => {
    if (over) return;
    over = true;
    stopStream?.();
    receiver.ended(error);
  };
  const event = (change: WatchEvent): void => {
    if (over) return;
    if (change.type === "ERROR") return end(new StatusError(change.status as unknown as Status));
    const { object } = change.stored;
    if (change.type === "BOOKMARK") receiver.event({ type: "BOOKMARK", resourceVersion: object.metadata.resourceVersion ?? "" });
    else receiver.event({ type: change.type, object: object as unknown as T });
  };
  options
    .perform(operation(options, cause, { verb: "watch", type, place: { namespace }, options: { ...rest, allowWatchBookmarks: true } }))
    .then((result) => {
      if (result.kind !== "watch") return end(unexpected(result));
      if (over) return result.stream.stop();
      stopStream = () => result.stream.stop();
      result.stream.start({ event, end: () => end(failure(500, "InternalError", "the watch was closed by the server")) });
    }, end);
  return { stop: () => end() };
};

const writeOptions = (given: WriteOptions | undefined): OperationOptions | undefined =>
  given && (given.fieldManager !== undefined || given.dryRun) ? { fieldManager: given.fieldManager, dryRun: given.dryRun } : undefined;

const placeOf = (type: ResourceType, { metadata: { namespace, name } }: KubeObject): Partial<Place> =>
  type.namespaced ? { namespace, name } : { name };

const whole = (type: ResourceType, object: KubeObject): AnyObject =>
  (object.apiVersion && object.kind ? object : { apiVersion: apiVersionOf(type), kind: type.kind, ...object }) as AnyObject;

const reasons: Readonly<Record<number, StatusReason>> = {
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

const refusal = ({ code, message }: { readonly code: number; readonly message: string }): StatusError =>
  failure(code, reasons[code] ?? "", message);

const unexpected = (result: OperationResult): Error => new Error(`the API server answered with a ${result.kind}`);
