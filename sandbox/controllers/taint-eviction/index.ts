import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating, keyOf } from "../../apimachinery/meta/types.ts";
import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { toTime } from "../../base/clock/clock.ts";
import { nodes, pods } from "../../api/resources.ts";
import type { Pod, Taint } from "../../api/types.ts";
import type { Controller } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { index, mapped } from "../framework/watches.ts";
import { tolerates } from "../workloads/node-fit.ts";
import { placeOf } from "../workloads/owners.ts";

const BY_NODE = "node";

/** Milliseconds for which a pod stays on a node with these taints: 0 not at all, undefined for ever. */
export const stayOf = (pod: Pod, taints: readonly Taint[]): number | undefined => {
  let least: number | undefined;
  for (const taint of taints) {
    // The first toleration that fits speaks for the taint, however long others would have it.
    const tolerating = pod.spec.tolerations?.find((toleration) => tolerates(toleration, taint));
    if (!tolerating) return 0;
    const { tolerationSeconds } = tolerating;
    if (tolerationSeconds !== undefined) least = Math.min(least ?? Infinity, Math.max(0, tolerationSeconds));
  }
  return least === undefined ? undefined : least * 1000;
};

/** Deletes pods that do not, or no longer, tolerate a NoExecute taint of their node. */
export const taintEvictionController = (): Controller => {
  /** Since when a pod's time is running, by its uid. */
  const since = new Map<string, number>();
  return defineController<Pod>({
    name: "taint-eviction-controller",
    account: "node-controller",
    eventSource: "taint-eviction-controller",
    reconciles: pods,
    wants: ({ previous, next }) =>
      previous?.spec.nodeName !== next?.spec.nodeName || !isSemanticallyEqual(previous?.spec.tolerations, next?.spec.tolerations),
    indexes: [index(pods, BY_NODE, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []))],
    watches: [
      mapped(nodes, ({ previous, next }, { cache }) => {
        if (isSemanticallyEqual(noExecute(previous?.spec?.taints), noExecute(next?.spec?.taints))) return [];
        return cache.indexed(pods, BY_NODE, (next ?? previous)!.metadata.name ?? "").map(keyOf);
      }),
    ],
    workers: 8,
    async reconcile(key, { client, cache, clock, events, again }) {
      const pod = cache.get(pods, key);
      const uid = pod?.metadata.uid ?? "";
      const cancel = (): void => {
        if (since.delete(uid)) events.event(referenceOf(pod!), "Normal", "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
      };
      if (!pod || isTerminating(pod) || !pod.spec.nodeName) return;
      const taints = noExecute(cache.get(nodes, pod.spec.nodeName)?.spec?.taints);
      if (taints.length === 0) {
        cancel();
        return;
      }
      const stay = stayOf(pod, taints);
      if (stay === undefined) {
        cancel();
        return;
      }
      const now = clock.now();
      const began = since.get(uid) ?? now;
      const left = began + stay - now;
      if (left > 0) {
        since.set(uid, began);
        again(left);
        return;
      }
      since.delete(uid);
      events.event(referenceOf(pod), "Normal", "TaintManagerEviction", `Marking for deletion Pod ${key}`);
      const condition = {
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
        lastTransitionTime: toTime(now),
      };
      try {
        await client.patch(
          pods,
          placeOf(pod),
          { type: "strategic", body: { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } } },
          { subresource: "status" },
        );
        await client.delete(pods, placeOf(pod));
      } catch (error) {
        if (!hasReason(error, "NotFound")) throw error;
      }
    },
  });
};

const noExecute = (taints: readonly Taint[] | undefined): readonly Taint[] => (taints ?? []).filter(({ effect }) => effect === "NoExecute");

const referenceOf = ({ metadata }: Pod) => ({
  apiVersion: "v1",
  kind: "Pod",
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
});
