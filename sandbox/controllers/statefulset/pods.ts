import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import { persistentVolumeClaims, pods } from "../../api/resources.ts";
import type { PersistentVolumeClaim, Pod, StatefulSet } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { isNamespaceTerminating, wordsOf } from "../workloads/pod-control.ts";
import { placeOf } from "../workloads/owners.ts";
import { claimsOf, hasIdentity, ordinalOf, withIdentity } from "./identity.ts";
import { hasRightOwners, withRightOwners } from "./retention.ts";

/** Creates a pod after its claims. */
export const createStatefulPod = async (context: Reconcile, set: StatefulSet, pod: Pod): Promise<void> => {
  try {
    await createClaims(context, set, pod);
    await context.client.create(pods, pod);
  } catch (error) {
    if (hasReason(error, "AlreadyExists")) throw error;
    if (!isNamespaceTerminating(error)) tell(context, set, "create", pod, error);
    throw error;
  }
  tell(context, set, "create", pod);
  await fixClaims(context, set, pod);
};

/** Gives a pod back the identity, storage and claims that it should have. */
export const repairPod = async (context: Reconcile, set: StatefulSet, pod: Pod): Promise<void> => {
  await fixClaims(context, set, pod);
  if (hasIdentity(set, pod)) return;
  await createClaims(context, set, pod);
  try {
    await context.client.update(pods, withIdentity(set, pod));
  } catch (error) {
    tell(context, set, "update", pod, error);
    throw error;
  }
  tell(context, set, "update", pod);
};

export const deleteStatefulPod = async (context: Reconcile, set: StatefulSet, pod: Pod): Promise<void> => {
  try {
    await context.client.delete(pods, placeOf(pod));
  } catch (error) {
    tell(context, set, "delete", pod, error);
    throw error;
  }
  tell(context, set, "delete", pod);
};

/** Creates the claims of a pod that are not there; one that is going away must be gone first. */
export const createClaims = async ({ cache, client, events }: Reconcile, set: StatefulSet, pod: Pod): Promise<void> => {
  const about = (claim: PersistentVolumeClaim): string => claim.metadata.name ?? "";
  for (const claim of claimsOf(set, ordinalOf(pod)).values()) {
    const existing = cache.get(persistentVolumeClaims, `${claim.metadata.namespace ?? ""}/${about(claim)}`);
    if (existing && isTerminating(existing)) throw new Error(`pvc ${about(claim)} is being deleted`);
    if (existing) continue;
    const name = pod.metadata.name ?? "";
    try {
      await client.create(persistentVolumeClaims, claim);
      events.event(
        set,
        "Normal",
        "SuccessfulCreate",
        `create Claim ${about(claim)} Pod ${name} in StatefulSet ${set.metadata.name ?? ""} success`,
      );
    } catch (error) {
      if (hasReason(error, "AlreadyExists")) continue;
      events.event(
        set,
        "Warning",
        "FailedCreate",
        `create Claim ${about(claim)} for Pod ${name} in StatefulSet ${set.metadata.name ?? ""} failed error: ${wordsOf(error)}`,
      );
      throw new Error(`failed to create PVC ${about(claim)}: ${wordsOf(error)}`, { cause: error });
    }
  }
};

/** Whether a claim of the pod is owned by a pod of the same name that is gone: it will go too (PodClaimIsStale). */
export const hasStaleClaim = ({ cache }: Reconcile, set: StatefulSet, pod: Pod): boolean =>
  [...claimsOf(set, ordinalOf(pod)).values()].some(({ metadata }) => {
    const claim = cache.get(persistentVolumeClaims, `${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    return (
      claim?.metadata.ownerReferences?.some(
        ({ kind, name, uid }) => kind === "Pod" && name === pod.metadata.name && uid !== pod.metadata.uid,
      ) ?? false
    );
  });

/** The pod's claims whose owners are not those that the retention policy wants. */
export const unfitClaims = ({ cache }: Reconcile, set: StatefulSet, pod: Pod): readonly PersistentVolumeClaim[] =>
  [...claimsOf(set, ordinalOf(pod)).values()].flatMap(({ metadata }) => {
    const claim = cache.get(persistentVolumeClaims, `${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    return claim && !hasRightOwners(claim, set, pod) ? [claim] : [];
  });

export const fixClaims = async (context: Reconcile, set: StatefulSet, pod: Pod): Promise<void> => {
  for (const claim of unfitClaims(context, set, pod)) await context.client.update(persistentVolumeClaims, withRightOwners(claim, set, pod));
};

const tell = ({ events }: Reconcile, set: StatefulSet, verb: "create" | "update" | "delete", pod: Pod, error?: unknown): void => {
  const title = verb[0]!.toUpperCase() + verb.slice(1);
  const what = `${verb} Pod ${pod.metadata.name ?? ""} in StatefulSet ${set.metadata.name ?? ""}`;
  if (error === undefined) events.event(set, "Normal", `Successful${title}`, `${what} successful`);
  else events.event(set, "Warning", `Failed${title}`, `${what} failed error: ${wordsOf(error)}`);
};
