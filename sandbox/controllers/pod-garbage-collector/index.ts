import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import { toTime, type Timer } from "../../base/clock/clock.ts";
import { nodes, pods } from "../../api/resources.ts";
import type { Node, Pod } from "../../api/types.ts";
import type { Client } from "../../client/client.ts";
import { cacheOf } from "../framework/cache.ts";
import type { Controller } from "../framework/controller.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { placeOf } from "../workloads/owners.ts";
import { isTerminal } from "../workloads/pods.ts";

const PERIOD_MS = 20_000;
/** A node that is gone from the cache may only be new to it. */
const QUARANTINE_MS = 40_000;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

/** Deletes pods that nobody else will: of nodes that are gone, of nodes out of service, never scheduled, or too many that have ended. */
export const podGarbageCollector: Controller = {
  name: "pod-garbage-collector-controller",
  alias: "podgc",
  account: "pod-garbage-collector",
  start({ informers, clientFor, clock, options, log }) {
    const client = clientFor("pod-garbage-collector");
    const cache = cacheOf(informers);
    informers.of(pods);
    informers.of(nodes);
    const missingSince = new Map<string, number>();
    let timer: Timer | undefined;
    let running = false;

    const collect = async (): Promise<void> => {
      const all = cache.list(pods);
      const now = clock.now();
      const absent = new Set(all.flatMap(({ spec }) => (spec.nodeName && !cache.get(nodes, spec.nodeName) ? [spec.nodeName] : [])));
      for (const name of [...missingSince.keys()]) if (!absent.has(name)) missingSince.delete(name);
      for (const name of absent) if (!missingSince.has(name)) missingSince.set(name, now);
      const gone = new Set<string>();
      for (const [name, since] of missingSince) if (since + QUARANTINE_MS <= now && !(await exists(client, name))) gone.add(name);

      for (const pod of surplusEnded(all, options.terminatedPodGcThreshold)) await remove(client, pod, false, now);
      for (const pod of all) {
        const node = pod.spec.nodeName ? cache.get(nodes, pod.spec.nodeName) : undefined;
        if (isTerminating(pod) && node && isOutOfService(node)) await remove(client, pod, true, now);
        else if (pod.spec.nodeName && gone.has(pod.spec.nodeName)) await remove(client, pod, true, now);
        else if (isTerminating(pod) && !pod.spec.nodeName) await remove(client, pod, true, now);
      }
    };
    const round = (): void => {
      if (!running) return;
      void collect()
        .catch((error: unknown) => log.debug("pods will be collected later", { error: wordsOf(error) }))
        .then(() => {
          if (running) timer = clock.after(PERIOD_MS, round);
        });
    };
    return {
      run() {
        running = true;
        round();
      },
      stop() {
        running = false;
        timer?.cancel();
        return Promise.resolve();
      },
    };
  },
};

const exists = async (client: Client, name: string): Promise<boolean> => {
  try {
    await client.get(nodes, { name });
    return true;
  } catch (error) {
    if (hasReason(error, "NotFound")) return false;
    throw error;
  }
};

/** Ended pods beyond the threshold, the oldest first; those that were evicted before others. */
const surplusEnded = (all: readonly Pod[], threshold: number): readonly Pod[] => {
  if (threshold <= 0) return [];
  const ended = all.filter((pod) => isTerminal(pod) && !isTerminating(pod));
  const rank = ({ metadata, status }: Pod): string => `${status?.reason === "Evicted" ? 0 : 1}${metadata.creationTimestamp ?? ""}`;
  return ended.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, Math.max(0, ended.length - threshold));
};

const isOutOfService = ({ spec, status }: Node): boolean =>
  (spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false) &&
  status?.conditions?.find(({ type }) => type === "Ready")?.status !== "True";

/** `fail`: the pod is marked as failed first, so that its controller counts it. */
const remove = async (client: Client, pod: Pod, fail: boolean, now: number): Promise<void> => {
  try {
    if (fail && !isTerminal(pod)) {
      const condition = {
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
        lastTransitionTime: toTime(now),
      };
      const conditions = pod.spec.nodeName && !isTerminating(pod) ? { conditions: [condition] } : {};
      await client.patch(
        pods,
        placeOf(pod),
        { type: "strategic", body: { metadata: { uid: pod.metadata.uid }, status: { phase: "Failed", ...conditions } } },
        { subresource: "status" },
      );
    }
    await client.delete(pods, placeOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
  } catch (error) {
    if (!hasReason(error, "NotFound", "Conflict")) throw error;
  }
};
