import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { isTerminating, keyOf } from "../../apimachinery/meta/types.ts";
import { controllerRevisions, daemonSets, nodes, pods } from "../../api/resources.ts";
import type { DaemonSet, Pod } from "../../api/types.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped, owned } from "../framework/watches.ts";
import { REVISION_LABEL } from "../workloads/history.ts";
import { claim, controllerReference } from "../workloads/owners.ts";
import { asError, createPod, deletePod, isNamespaceTerminating, podFromTemplate } from "../workloads/pod-control.ts";
import { nextAvailability } from "../workloads/pods.ts";
import { slowStart } from "../workloads/slow-start.ts";
import { FailureBackoff } from "./failure-backoff.ts";
import { cleanUpHistory, historyOf } from "./history.ts";
import { byNode, planPlacement, planUpdate, type DaemonPlan } from "./plan.ts";
import { statusOf } from "./status.ts";
import { daemonTemplate, nodeShouldRun, pinnedTo } from "./template.ts";

const BURST = 250;

/** Keeps one pod on each node where a DaemonSet belongs. */
export const daemonSetController = (): Controller => {
  const backoff = new FailureBackoff();
  return defineController<DaemonSet>({
    name: "daemonset-controller",
    alias: "daemonset",
    account: "daemon-set-controller",
    reconciles: daemonSets,
    watches: [
      owned<Pod, DaemonSet>(pods, ({ spec }) => spec?.selector),
      // A node that is gone takes nothing with it here: its pods are collected later.
      mapped(nodes, ({ previous, next }, { cache }) => {
        if (!next) return [];
        const isOfInterest =
          !previous ||
          !isSemanticallyEqual(previous.metadata.labels, next.metadata.labels) ||
          !isSemanticallyEqual(previous.spec, next.spec);
        if (!isOfInterest) return [];
        const judged = (set: DaemonSet): string =>
          [previous, next].map((node) => (node ? JSON.stringify(nodeShouldRun(set, node)) : "")).join("|");
        return cache
          .list(daemonSets)
          .filter((set) => !previous || new Set(judged(set).split("|")).size > 1)
          .map(keyOf);
      }),
    ],
    reads: [controllerRevisions],
    workers: (options) => options.concurrentDaemonSetSyncs,
    async reconcile(key, context) {
      const { client, cache, clock, events, step } = context;
      const set = cache.get(daemonSets, key);
      if (!set) return;
      if (selectorOf(set.spec?.selector).isEmpty()) {
        events.event(set, "Warning", "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
        return;
      }
      if (isTerminating(set)) return;
      const history = await historyOf(context, set);
      const hash = history.current.metadata.labels?.[REVISION_LABEL] ?? "";
      const own = await claim({ client, cache, ownerType: daemonSets, owner: set, type: pods, selector: set.spec?.selector });
      const allNodes = cache.list(nodes);
      const here = byNode(own);
      const placement = step("place", { set, nodes: allNodes, pods: own }, () => planPlacement(set, allNodes, here, hash, clock.now()));
      const remove = [...placement.remove, ...tellOfEnded(context, backoff, set, placement)];
      let failure = await act(context, set, hash, placement.create, remove);
      const isQuiet = placement.create.length === 0 && remove.length === 0;
      if (failure === undefined && isQuiet && set.spec?.updateStrategy?.type === "RollingUpdate") {
        const update = step("update", { set, pods: own }, () => planUpdate(set, allNodes, here, hash, clock.now()));
        failure = await act(context, set, hash, update.create, update.remove);
      }
      if (failure === undefined) await cleanUpHistory(context, set, history.old, own);
      const status = statusOf(set, allNodes, here, hash, clock.now());
      if (!isSemanticallyEqual(status, set.status)) await client.updateStatus(daemonSets, { ...set, status });
      if (failure !== undefined) throw asError(failure);
      const next = nextAvailability(own, set.spec?.minReadySeconds ?? 0, clock.now());
      if (next !== undefined) context.again(next);
    },
  });
};

/** Pods that ended are told of and deleted; those that fail again and again, after longer and longer. */
const tellOfEnded = (
  { events, clock, again }: Reconcile,
  backoff: FailureBackoff,
  set: DaemonSet,
  { ended }: DaemonPlan,
): readonly Pod[] => {
  const remove: Pod[] = [];
  for (const { pod, node, how } of ended) {
    if (how === "failed") {
      const wait = backoff.failed(`${set.metadata.uid ?? ""}/${set.metadata.generation ?? 0}/${node}`, clock.now());
      if (wait > 0) {
        again(wait);
        continue;
      }
      events.event(set, "Warning", "FailedDaemonPod", `Found failed daemon pod ${keyOf(pod)} on node ${node}, will try to kill it`);
    } else
      events.event(set, "Normal", "SucceededDaemonPod", `Found succeeded daemon pod ${keyOf(pod)} on node ${node}, will try to delete it`);
    remove.push(pod);
  }
  return remove;
};

/** Creates and deletes pods (syncNodes); answers the first error. */
const act = async (
  context: Reconcile,
  set: DaemonSet,
  hash: string,
  create: readonly string[],
  remove: readonly Pod[],
): Promise<unknown> => {
  const template = daemonTemplate(set, hash);
  const owner = controllerReference(daemonSets, set);
  const { error } = await slowStart(Math.min(create.length, BURST), (at) =>
    createPod(context, set, podFromTemplate(pinnedTo(template, create[at]!), set, owner)),
  );
  if (isNamespaceTerminating(error)) return undefined;
  const results = await Promise.allSettled(remove.slice(0, BURST).map((pod) => deletePod(context, set, pod)));
  const failures = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  if (create.length > BURST || remove.length > BURST) context.again(0);
  return error ?? failures.find((reason) => !hasReason(reason, "NotFound"));
};
