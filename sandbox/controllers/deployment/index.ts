import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { controllerOf, isTerminating } from "../../apimachinery/meta/types.ts";
import { deployments, pods, replicaSets } from "../../api/resources.ts";
import type { Deployment, ReplicaSet } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped, owned } from "../framework/watches.ts";
import { conditionOf } from "../workloads/conditions.ts";
import { claim } from "../workloads/owners.ts";
import { annotations } from "./annotations.ts";
import { Rollout } from "./rollout.ts";
import { active, replicasOf } from "./sizes.ts";
import { deploymentCondition, hasDeadline } from "./status.ts";
import { recreate, resize, rollOut } from "./strategies.ts";

/** Moves a Deployment's pods to its template, by way of ReplicaSets. */
export const deploymentController = defineController<Deployment>({
  name: "deployment-controller",
  alias: "deployment",
  reconciles: deployments,
  watches: [
    owned<ReplicaSet, Deployment>(replicaSets, ({ spec }) => spec.selector),
    // Recreate goes on when the last old pod is gone.
    mapped(pods, ({ previous, next }, { cache }) => {
      if (next || !previous) return [];
      const set = controllerOf(previous);
      const replicaSet =
        set?.kind === "ReplicaSet" ? cache.get(replicaSets, `${previous.metadata.namespace ?? ""}/${set.name}`) : undefined;
      const owner = replicaSet && controllerOf(replicaSet);
      if (owner?.kind !== "Deployment") return [];
      const key = `${previous.metadata.namespace ?? ""}/${owner.name}`;
      return cache.get(deployments, key)?.spec.strategy?.type === "Recreate" ? [key] : [];
    }),
  ],
  workers: (options) => options.concurrentDeploymentSyncs,
  maxRetries: 15,
  async reconcile(key, context) {
    const { client, cache, clock, events } = context;
    const deployment = cache.get(deployments, key);
    if (!deployment) return;
    if (selectorOf(deployment.spec.selector).isEmpty()) {
      events.event(deployment, "Warning", "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
      const { generation } = deployment.metadata;
      if ((deployment.status?.observedGeneration ?? 0) < (generation ?? 0)) {
        await client.updateStatus(deployments, { ...deployment, status: { ...deployment.status, observedGeneration: generation } });
      }
      return;
    }
    const sets = await claim({
      client,
      cache,
      ownerType: deployments,
      owner: deployment,
      type: replicaSets,
      selector: deployment.spec.selector,
    });
    const rollout = new Rollout(context, deployment, sets);
    if (isTerminating(deployment)) return rollout.reportSizes(await rollout.sets(false));
    await notePause(rollout, clock.now());
    if (deployment.spec.paused || (await isScaling(rollout))) return resize(rollout);
    return deployment.spec.strategy?.type === "Recreate" ? recreate(rollout) : rollOut(rollout);
  },
});

/** A paused rollout has no deadline to miss: its time starts again when it is resumed (checkPausedConditions). */
const notePause = async (rollout: Rollout, now: number): Promise<void> => {
  const { spec, status } = rollout.deployment;
  const current = conditionOf(status?.conditions, "Progressing");
  if (!hasDeadline(rollout.deployment) || current?.reason === "ProgressDeadlineExceeded") return;
  const isNoted = current?.reason === "DeploymentPaused";
  if (spec.paused && !isNoted)
    await rollout.setCondition(deploymentCondition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now));
  else if (!spec.paused && isNoted)
    await rollout.setCondition(deploymentCondition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", now));
};

/** Whether the Deployment's size is another than the one its ReplicaSets were made for. */
const isScaling = async (rollout: Rollout): Promise<boolean> => {
  const { newSet, old } = await rollout.sets(false);
  return active(newSet ? [...old, newSet] : old).some(({ metadata }) => {
    const desired = metadata.annotations?.[annotations.desired];
    return desired !== undefined && Number(desired) !== replicasOf(rollout.deployment);
  });
};
