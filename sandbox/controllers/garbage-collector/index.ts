import type { Timer } from "../../base/clock/clock.ts";
import { apiServices, customResourceDefinitions } from "../../api/resources.ts";
import { BoundedMap } from "../../client/events/bounded-map.ts";
import { ExponentialRateLimiter } from "../../client/workqueue/rate-limiter.ts";
import { WorkQueue } from "../../client/workqueue/work-queue.ts";
import type { Controller, ControllerEnvironment, RunningController } from "../framework/controller.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { collect, orphan } from "./collector.ts";
import { OwnerGraph } from "./graph.ts";
import { Monitors } from "./monitors.ts";

const MOST_ABSENT = 500;
/** Kinds that were just announced are looked for together. */
const DISCOVERY_DELAY_MS = 1000;

/** Deletes what has lost all its owners, and brings foreground deletion and orphaning to their end. */
export const garbageCollectorController: Controller = {
  name: "garbage-collector-controller",
  alias: "garbagecollector",
  account: "generic-garbage-collector",
  start: (environment) => start(environment),
};

const start = ({ clientFor, clock, informers, discovery, options, log }: ControllerEnvironment): RunningController => {
  const client = clientFor("generic-garbage-collector");
  const monitors = new Monitors(client, clock, informers, discovery);
  let running = false;
  // Until every kind has been listed, a missing dependent may only be one that was not heard of yet.
  let isComplete = false;
  let discovering: Timer | undefined;
  const limiter = () => new ExponentialRateLimiter({ baseMs: 1, maxMs: 30_000 });
  const deletions = worker(limiter(), (uid, revisions) => {
    const node = graph.get(uid);
    if (!node) return undefined;
    const because = client.because({
      item: `garbage ${node.type?.resource ?? "unknown"} ${node.namespace ? `${node.namespace}/` : ""}${node.name}`,
      revisions,
    });
    return collect({ client: because, graph, resolve: monitors.resolve, absent, requeue: (other) => deletions.queue.add(other.uid) }, node);
  });
  const orphans = worker(limiter(), (uid, revisions) =>
    orphan({ client: client.because({ item: `orphans of ${uid}`, revisions }), graph }, uid),
  );
  const absent = new BoundedMap<true>(MOST_ABSENT);
  const graph: OwnerGraph = new OwnerGraph(
    { toDelete: ({ uid }) => deletions.queue.add(uid), toOrphan: ({ uid }) => orphans.queue.add(uid) },
    monitors.resolve,
  );

  function worker(rateLimiter: ExponentialRateLimiter, act: (uid: string, revisions: readonly number[]) => Promise<void> | undefined) {
    let active = 0;
    let waking = false;
    const wake = (): void => {
      if (!isComplete || waking) return;
      waking = true;
      void clock.breathe().then(() => {
        waking = false;
        while (running && active < options.concurrentGarbageCollectorSyncs) {
          const item = queue.take();
          if (!item) return;
          active++;
          void handle(item.key, item.revisions);
        }
      });
    };
    const handle = async (uid: string, revisions: readonly number[]): Promise<void> => {
      try {
        await act(uid, revisions);
        queue.forget(uid);
      } catch (error) {
        log.debug("garbage collection will be tried again", { uid, error: wordsOf(error) });
        queue.addRateLimited(uid);
      }
      queue.done(uid);
      active--;
      if (queue.length > 0) wake();
    };
    const queue: WorkQueue = new WorkQueue({ clock, rateLimiter, onReady: () => wake() });
    return { queue, wake };
  }

  const follow = async (): Promise<void> => {
    try {
      await monitors.follow(graph);
    } catch {
      rediscover();
    }
  };
  const rediscover = (): void => {
    if (!running) return;
    discovering?.cancel();
    discovering = clock.after(DISCOVERY_DELAY_MS, () => void follow());
  };
  const ends = [informers.of(customResourceDefinitions).handle(rediscover), informers.of(apiServices).handle(rediscover)];

  return {
    run() {
      running = true;
      void follow().then(() => {
        isComplete = running;
        deletions.wake();
        orphans.wake();
      });
    },
    stop() {
      running = false;
      discovering?.cancel();
      for (const end of ends) end();
      monitors.stop();
      deletions.queue.close();
      orphans.queue.close();
      return Promise.resolve();
    },
  };
};
