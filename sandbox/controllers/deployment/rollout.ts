import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { controllerOf, isTerminating } from "../../apimachinery/meta/types.ts";
import { deployments, replicaSets } from "../../api/resources.ts";
import type { Deployment, DeploymentCondition, DeploymentStatus, PodTemplateSpec, ReplicaSet } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { conditionOf, withCondition } from "../workloads/conditions.ts";
import { controllerReference, placeOf } from "../workloads/owners.ts";
import { isNamespaceTerminating, wordsOf } from "../workloads/pod-control.ts";
import { templateHash } from "../workloads/template-hash/template-hash.ts";
import { annotations, newSetAnnotations, revisionOf, sizesDiffer, withSizes } from "./annotations.ts";
import { byCreation, maxSurge, newSetSize, replicasOf } from "./sizes.ts";
import { calculateStatus, deploymentCondition, hasDeadline, rolloutStatus, untilDeadline } from "./status.ts";

const HASH = "pod-template-hash";

/** The ReplicaSets of a Deployment: the one of its template, and all others. */
export interface Sets {
  readonly newSet: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export const allOf = ({ newSet, old }: Sets): readonly ReplicaSet[] => (newSet ? [...old, newSet] : old);

/** One look at one Deployment: what it and its ReplicaSets are, as far as this look has changed them. */
export class Rollout {
  readonly context: Reconcile;
  #sets: readonly ReplicaSet[];
  deployment: Deployment;

  constructor(context: Reconcile, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.context = context;
    this.deployment = deployment;
    this.#sets = sets;
  }

  /** The new and the old ReplicaSets, with revision and annotations up to date; the new one is created where that is asked for. */
  async sets(create: boolean): Promise<Sets> {
    const newest = findNewSet(this.deployment, this.#sets);
    const old = this.#sets.filter((set) => set.metadata.uid !== newest?.metadata.uid);
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    if (newest) return { newSet: await this.#refresh(newest, revision), old };
    return { newSet: create ? await this.#create(old, revision) : undefined, old };
  }

  /** Asks a ReplicaSet for `size` pods; answers it as it is then. */
  async scale(set: ReplicaSet, size: number): Promise<ReplicaSet> {
    const before = replicasOf(set);
    const [desired, max] = [replicasOf(this.deployment), replicasOf(this.deployment) + maxSurge(this.deployment)];
    if (before === size && !sizesDiffer(set.metadata.annotations, desired, max)) return set;
    const next = await this.#update({
      ...set,
      metadata: { ...set.metadata, annotations: withSizes(set.metadata.annotations, desired, max) },
      spec: { ...set.spec, replicas: size },
    });
    if (before !== size)
      this.#tell(
        "Normal",
        "ScalingReplicaSet",
        `Scaled ${before < size ? "up" : "down"} replica set ${set.metadata.name ?? ""} from ${before} to ${size}`,
      );
    return next;
  }

  /** Says how far the rollout is, and comes back when its deadline is near. */
  async report(sets: Sets): Promise<void> {
    const { context, deployment } = this;
    const status = rolloutStatus(deployment, allOf(sets), sets.newSet, context.clock.now());
    if (!isSemanticallyEqual(deployment.status, status)) return this.#writeStatus(status);
    const again = untilDeadline(deployment, status, context.clock.now());
    if (again !== undefined) context.again(again);
  }

  /** Says what there is, and nothing of progress. */
  async reportSizes(sets: Sets): Promise<void> {
    const status = calculateStatus(this.deployment, allOf(sets), sets.newSet, this.context.clock.now());
    if (!isSemanticallyEqual(this.deployment.status, status)) await this.#writeStatus(status);
  }

  /** Deletes old ReplicaSets beyond the history limit, those of the lowest revision first (cleanupDeployment). */
  async cleanUp(old: readonly ReplicaSet[]): Promise<void> {
    const limit = this.deployment.spec.revisionHistoryLimit;
    if (limit === undefined || limit === 2 ** 31 - 1) return;
    const candidates = old.filter((set) => !isTerminating(set)).sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of candidates.slice(0, Math.max(0, candidates.length - limit))) {
      const isInUse =
        (set.status?.replicas ?? 0) !== 0 ||
        replicasOf(set) !== 0 ||
        (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0);
      if (isInUse) continue;
      await this.context.client.delete(replicaSets, placeOf(set)).catch((error: unknown) => {
        if (!hasReason(error, "NotFound")) throw error;
      });
    }
  }

  /** Sets a condition, where it says something new. */
  async setCondition(condition: DeploymentCondition): Promise<void> {
    const { status } = this.deployment;
    await this.#writeStatus({ ...status, conditions: withCondition(status?.conditions, condition) });
  }

  /** The new ReplicaSet exists: brings its annotations, and the Deployment's own revision, up to date. */
  async #refresh(set: ReplicaSet, revision: number): Promise<ReplicaSet> {
    const wanted = newSetAnnotations(this.deployment, set.metadata.annotations, revision);
    const minReadySeconds = this.deployment.spec.minReadySeconds ?? 0;
    if (!isSemanticallyEqual(wanted, set.metadata.annotations) || minReadySeconds !== (set.spec?.minReadySeconds ?? 0)) {
      return this.#update({
        ...set,
        metadata: { ...set.metadata, annotations: wanted },
        spec: { ...set.spec, minReadySeconds: minReadySeconds === 0 ? undefined : minReadySeconds },
      });
    }
    const found = hasDeadline(this.deployment) && !conditionOf(this.deployment.status?.conditions, "Progressing");
    await this.#noteRevision(
      wanted[annotations.revision] ?? "",
      found
        ? deploymentCondition(
            "Progressing",
            "True",
            "FoundNewReplicaSet",
            `Found new replica set "${set.metadata.name ?? ""}"`,
            this.context.clock.now(),
          )
        : undefined,
    );
    return set;
  }

  async #update(set: ReplicaSet): Promise<ReplicaSet> {
    const next = await this.context.client.update(replicaSets, set);
    this.#sets = this.#sets.map((known) => (known.metadata.uid === next.metadata.uid ? next : known));
    return next;
  }

  async #create(old: readonly ReplicaSet[], revision: number): Promise<ReplicaSet> {
    const { deployment, context } = this;
    const set = newReplicaSet(deployment, old, revision);
    const name = set.metadata.name ?? "";
    let created: ReplicaSet;
    let isNew = true;
    try {
      created = await context.client.create(replicaSets, set);
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) return this.#failedToCreate(name, error);
      const existing =
        context.cache.get(replicaSets, `${deployment.metadata.namespace ?? ""}/${name}`) ??
        (await context.client.get(replicaSets, placeOf(set)));
      const isOurs =
        controllerOf(existing)?.uid === deployment.metadata.uid && isSameTemplate(deployment.spec.template, existing.spec?.template);
      if (!isOurs) {
        await this.#writeStatus({ ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
        throw error;
      }
      created = existing;
      isNew = false;
    }
    if (isNew && replicasOf(created) > 0)
      this.#tell("Normal", "ScalingReplicaSet", `Scaled up replica set ${name} from 0 to ${replicasOf(created)}`);
    const progress = isNew && hasDeadline(deployment);
    await this.#noteRevision(
      String(revision),
      progress
        ? deploymentCondition("Progressing", "True", "NewReplicaSetCreated", `Created new replica set "${name}"`, context.clock.now())
        : undefined,
    );
    return created;
  }

  async #failedToCreate(name: string, error: unknown): Promise<never> {
    if (isNamespaceTerminating(error)) throw error;
    const message = `Failed to create new replica set "${name}": ${wordsOf(error)}`;
    if (hasDeadline(this.deployment)) {
      await this.setCondition(
        deploymentCondition("Progressing", "False", "ReplicaSetCreateError", message, this.context.clock.now()),
      ).catch(() => {});
    }
    this.#tell("Warning", "ReplicaSetCreateError", message);
    throw error;
  }

  /** Writes the Deployment's revision and condition with its status, where they are new. */
  async #noteRevision(revision: string, condition: DeploymentCondition | undefined): Promise<void> {
    const { metadata, status } = this.deployment;
    const isKnown = (metadata.annotations?.[annotations.revision] ?? "") === revision;
    if (isKnown && !condition) return;
    this.deployment = {
      ...this.deployment,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [annotations.revision]: revision } },
    };
    await this.#writeStatus(condition ? { ...status, conditions: withCondition(status?.conditions, condition) } : { ...status });
  }

  async #writeStatus(status: DeploymentStatus): Promise<void> {
    this.deployment = await this.context.client.updateStatus(deployments, { ...this.deployment, status });
  }

  #tell(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.event(this.deployment, type, reason, message);
  }
}

/** The ReplicaSet with the Deployment's template; the oldest, should there be several (FindNewReplicaSet). */
export const findNewSet = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  byCreation(sets).find((set) => isSameTemplate(deployment.spec.template, set.spec?.template));

/** Whether templates differ by their hash label at most (EqualIgnoreHash). */
const isSameTemplate = (a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean =>
  isSemanticallyEqual(a?.spec, b?.spec) && isSemanticallyEqual(withoutHash(a), withoutHash(b));

const withoutHash = (template: PodTemplateSpec | undefined): unknown => {
  const { [HASH]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template?.metadata, labels };
};

/** The ReplicaSet that a Deployment's template asks for, with as many pods as the strategy lets it have at once. */
const newReplicaSet = (deployment: Deployment, old: readonly ReplicaSet[], revision: number): ReplicaSet => {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  const replicas = newSetSize(deployment, old, 0);
  const copied = newSetAnnotations(deployment, undefined, revision);
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${deployment.metadata.name ?? ""}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: withSizes(copied, replicasOf(deployment), replicasOf(deployment) + maxSurge(deployment)),
      ownerReferences: [controllerReference(deployments, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
};
