import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Log } from "../../base/log/log.ts";
import type { Random } from "../../base/random/random.ts";
import type { Step } from "../../base/trace/step.ts";
import type { Client } from "../../client/client.ts";
import type { Discovery } from "../../client/discovery/discovery.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import type { Change } from "../../client/informers/informer.ts";
import type { Informers } from "../../client/informers/informers.ts";
import type { RateLimiter } from "../../client/workqueue/rate-limiter.ts";
import type { ControllerOptions } from "../options.ts";
import type { Cache } from "./cache.ts";

/** A control loop as the controller manager knows it: a value with names, and a way to start it. */
export interface Controller {
  /** As in `--controllers`: `replicaset-controller`. */
  readonly name: string;
  /** The older name of the flag: `replicaset`. */
  readonly alias?: string;
  /** The service account in kube-system that it acts as: the name of its ClusterRole `system:controller:…`. */
  readonly account: string;
  /** Runs only where `--controllers` names it. */
  readonly offByDefault?: boolean;
  start(environment: ControllerEnvironment): RunningController;
}

export interface RunningController {
  /** Begins to work, once the caches are filled. */
  run(): void;
  /** Resolves when the last reconcile has ended. */
  stop(): Promise<void>;
}

/** What the controller manager gives to each of its controllers. */
export interface ControllerEnvironment {
  readonly clientFor: (account: string) => Client;
  readonly informers: Informers;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly random: Random;
  readonly step: Step;
  readonly log: Log;
  readonly options: ControllerOptions;
  readonly observer?: ReconcileObserver;
}

/** Hears of every reconcile: metrics and tracing. */
export interface ReconcileObserver {
  ended(reconcile: {
    readonly controller: string;
    readonly key: string;
    readonly milliseconds: number;
    readonly waiting: number;
    readonly error?: unknown;
  }): void;
}

/** What a reconcile works with. */
export interface Reconcile {
  /** Acts as the controller's account; each write carries the item's cause and is waited for before the key comes again. */
  readonly client: Client;
  readonly cache: Cache;
  readonly step: Step;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventRecorder;
  readonly options: ControllerOptions;
  readonly log: Log;
  /** How often the key failed in a row. */
  readonly failures: number;
  /** Puts the key on the queue again after `ms`, as long as the controller runs. */
  readonly again: (ms: number) => void;
}

/** Which keys a change of some type puts on the queue. */
export interface Watch<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  readonly keys: (change: Change<T>, context: WatchContext) => Iterable<string>;
}

export interface WatchContext {
  readonly cache: Cache;
  readonly reconciles: ResourceType;
  /** Adds a key after `ms`, besides those that are answered. */
  readonly later: (key: string, ms: number) => void;
  readonly now: () => number;
}

export interface ControllerDefinition<T extends KubeObject> {
  readonly name: string;
  readonly alias?: string;
  readonly account?: string;
  readonly offByDefault?: boolean;
  /** `source.component` of its Events. */
  readonly eventSource?: string;
  /** The kind whose keys it works on; each of its changes puts the key on the queue. */
  readonly reconciles: ResourceType<T>;
  /** Which changes of the kind itself count; all when absent. */
  readonly wants?: (change: Change<T>) => boolean;
  readonly watches?: readonly AnyWatch[];
  /** Types that reconcile reads from the cache without being woken by them. */
  readonly reads?: readonly ResourceType[];
  readonly indexes?: readonly AnyIndex[];
  /** How many keys are worked on at the same time. */
  readonly workers?: number | ((options: ControllerOptions) => number);
  /** After so many failures in a row a key waits for the next change; without end when absent. */
  readonly maxRetries?: number;
  readonly rateLimiter?: (options: ControllerOptions) => RateLimiter;
  /** Gathers changes for so many milliseconds before a key is worked on. */
  readonly gatherMs?: number | ((options: ControllerOptions) => number);
  /** Puts every key of the kind on the queue each so many milliseconds. */
  readonly resyncMs?: number | ((options: ControllerOptions) => number);
  reconcile(key: string, context: Reconcile): Promise<void> | void;
}

/** An index over a type's objects, by which the controller finds them. */
export interface Index<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly name: string;
  readonly values: (object: T) => readonly string[];
}

/** A watch on some type; its own functions know which. */
export type AnyWatch = { readonly type: ResourceType; readonly keys: (change: never, context: WatchContext) => Iterable<string> };
export type AnyIndex = { readonly type: ResourceType; readonly name: string; readonly values: (object: never) => readonly string[] };
