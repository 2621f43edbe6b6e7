import { keyOf, type KubeObject } from "../../apimachinery/meta/types.ts";
import { eventRecorder } from "../../client/events/event-recorder.ts";
import type { Change } from "../../client/informers/informer.ts";
import { ControllerRateLimiter } from "../../client/workqueue/rate-limiter.ts";
import { WorkQueue, type WorkItem } from "../../client/workqueue/work-queue.ts";
import { cacheOf } from "./cache.ts";
import type { Controller, ControllerDefinition, ControllerEnvironment, RunningController, WatchContext } from "./controller.ts";
import { trackedClient, Writes } from "./tracked-client.ts";

/**
 * A controller: it says what it reconciles and what wakes it; the queue, de-duplication, back-off, workers, causes and the freshness of
 * the cache are the framework's. A key is never worked on again before the cache has seen the key's own last writes.
 */
export const defineController = <T extends KubeObject>(definition: ControllerDefinition<T>): Controller => ({
  name: definition.name,
  ...(definition.alias && { alias: definition.alias }),
  account: definition.account ?? definition.name,
  ...(definition.offByDefault && { offByDefault: true }),
  start: (environment) => start(definition, environment),
});

const start = <T extends KubeObject>(definition: ControllerDefinition<T>, environment: ControllerEnvironment): RunningController => {
  const { informers, clock, options, log, observer } = environment;
  const { name, reconciles } = definition;
  const account = definition.account ?? name;
  const client = environment.clientFor(account);
  const events = eventRecorder({ client, clock, component: definition.eventSource ?? name });
  const random = environment.random.fork(name);
  const cache = cacheOf(informers);
  const settled = <Value>(value: Value | ((from: typeof options) => Value)): Value =>
    typeof value === "function" ? (value as (from: typeof options) => Value)(options) : value;
  const workers = settled(definition.workers ?? 5);
  const gatherMs = settled(definition.gatherMs ?? 0);
  const resource = reconciles.group === "" ? reconciles.resource : `${reconciles.group}/${reconciles.resource}`;

  let running = false;
  let active = 0;
  let waking = false;
  let whenIdle: (() => void) | undefined;
  const rateLimiter = definition.rateLimiter?.(options) ?? new ControllerRateLimiter();
  const queue = new WorkQueue({ clock, rateLimiter, onReady: () => wake() });
  const context: WatchContext = { cache, reconciles, later: (key, ms) => queue.addAfter(key, ms), now: () => clock.now() };

  /** Work begins with the next turn of the event loop: what changes until then is one item. */
  const wake = (): void => {
    if (waking || !running) return;
    waking = true;
    void clock.breathe().then(() => {
      waking = false;
      while (running && active < workers) {
        const item = queue.take();
        if (!item) break;
        active++;
        void work(item);
      }
    });
  };

  const work = async (item: WorkItem): Promise<void> => {
    const { key } = item;
    const began = clock.now();
    const writes = new Writes(informers);
    let failure: unknown;
    try {
      const { revisions, folded } = item;
      const tracked = trackedClient(client.because({ item: `${resource} ${key}`, revisions, ...(folded > 0 && { folded }) }), writes);
      await definition.reconcile(key, {
        client: tracked,
        cache,
        step: environment.step,
        clock,
        random,
        events: events.through(tracked),
        options,
        log,
        failures: queue.failures(key),
        again: (ms) => queue.addAfter(key, ms),
      });
    } catch (error) {
      failure = error;
    }
    const seen = writes.seen();
    if (seen) await seen;
    if (failure === undefined) queue.forget(key);
    else if (definition.maxRetries !== undefined && queue.failures(key) >= definition.maxRetries) {
      log.warn("dropping a key that keeps failing", {
        controller: name,
        key,
        error: failure instanceof Error ? failure.message : "unknown",
      });
      queue.forget(key);
    } else queue.addRateLimited(key);
    queue.done(key);
    observer?.ended({
      controller: name,
      key,
      milliseconds: clock.now() - began,
      waiting: queue.length,
      ...(failure !== undefined && { error: failure }),
    });
    active--;
    if (active === 0 && !running) whenIdle?.();
    else if (queue.length > 0) wake();
  };

  const enqueue = (key: string, revision: number): void =>
    gatherMs > 0 ? queue.addAfter(key, gatherMs, revision) : queue.add(key, revision);
  for (const { type, name: indexName, values } of definition.indexes ?? [])
    informers.of(type).addIndex(indexName, values as (object: KubeObject) => readonly string[]);
  for (const type of definition.reads ?? []) informers.of(type);
  const ends = [
    informers.of(reconciles).handle((change) => {
      if (definition.wants?.(change) === false) return;
      enqueue(keyOf((change.next ?? change.previous)!), change.revision);
    }),
    ...(definition.watches ?? []).map(({ type, keys }) => {
      const keysOf = keys as (change: Change<KubeObject>, context: WatchContext) => Iterable<string>;
      return informers.of(type).handle((change) => {
        for (const key of keysOf(change, context)) enqueue(key, change.revision);
      });
    }),
  ];
  const resyncMs = definition.resyncMs === undefined ? 0 : settled(definition.resyncMs);
  let resync: { cancel(): void } | undefined;
  const resyncAll = (): void => {
    for (const object of informers.of(reconciles).list()) queue.add(keyOf(object));
    resync = clock.after(resyncMs, resyncAll);
  };

  return {
    run() {
      running = true;
      if (resyncMs > 0) resync = clock.after(resyncMs, resyncAll);
      if (queue.length > 0) wake();
    },
    async stop() {
      running = false;
      resync?.cancel();
      for (const end of ends) end();
      queue.close();
      events.stop();
      if (active > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
    },
  };
};

/** Several loops that are one controller to `--controllers`. */
export const together = (controller: Omit<Controller, "start">, ...parts: readonly Controller[]): Controller => ({
  ...controller,
  start(environment) {
    const running = parts.map((part) => part.start(environment));
    return {
      run: () => running.forEach((part) => part.run()),
      stop: async () => {
        await Promise.all(running.map((part) => part.stop()));
      },
    };
  },
});
