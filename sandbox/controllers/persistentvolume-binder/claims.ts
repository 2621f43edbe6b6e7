import { isTerminating } from "../../apimachinery/meta/types.ts";
import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../../api/resources.ts";
import type { PersistentVolumeClaim, StorageClass } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { isTerminal } from "../workloads/pods.ts";
import { bind, BIND_COMPLETED, setClaimPhase } from "./binding.ts";
import { bestVolume, classOfClaim, isBoundTo, mismatch } from "./matching.ts";

const SELECTED_NODE = "volume.kubernetes.io/selected-node";
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const PROVISIONER = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"] as const;

/** Finds a claim its volume, or has one made (syncClaim). */
export const syncClaim = (context: Reconcile, claim: PersistentVolumeClaim): Promise<void> =>
  claim.metadata.annotations?.[BIND_COMPLETED] === undefined ? syncUnbound(context, claim) : syncBound(context, claim);

const syncUnbound = async (context: Reconcile, given: PersistentVolumeClaim): Promise<void> => {
  const { cache, events } = context;
  if (given.spec?.volumeName) return syncNamed(context, given, given.spec.volumeName);
  const claim = await withDefaultClass(context, given);
  const storageClass = cache.get(storageClasses, classOfClaim(claim));
  const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
  const volume = bestVolume(cache.list(persistentVolumes), claim, waits);
  if (volume) return bind(context, volume, claim);
  if (waits && claim.metadata.annotations?.[SELECTED_NODE] === undefined) {
    const pod = consumerOf(context, claim);
    if (pod === undefined) events.event(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
    else events.event(claim, "Normal", "WaitForPodScheduled", `waiting for pod ${pod} to be scheduled`);
  } else if (classOfClaim(claim) !== "") return provision(context, claim, storageClass);
  else events.event(claim, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
  await setClaimPhase(context, claim, "Pending");
};

/** A claim that was made before there was a default class gets it when there is one. */
const withDefaultClass = async ({ cache, client }: Reconcile, claim: PersistentVolumeClaim): Promise<PersistentVolumeClaim> => {
  if (claim.spec?.storageClassName !== undefined || classOfClaim(claim) !== "") return claim;
  const defaults = cache.list(storageClasses).filter(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === "true");
  const [newest] = defaults.sort((a, b) => ((a.metadata.creationTimestamp ?? "") > (b.metadata.creationTimestamp ?? "") ? -1 : 1));
  return newest
    ? client.update(persistentVolumeClaims, { ...claim, spec: { ...claim.spec, storageClassName: newest.metadata.name } })
    : claim;
};

const consumerOf = ({ cache }: Reconcile, claim: PersistentVolumeClaim): string | undefined =>
  cache
    .inNamespace(pods, claim.metadata.namespace ?? "")
    .find(
      (pod) =>
        !pod.spec.nodeName &&
        !isTerminal(pod) &&
        !isTerminating(pod) &&
        pod.spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name),
    )?.metadata.name;

/** A user has said which volume it is to be. */
const syncNamed = async (context: Reconcile, claim: PersistentVolumeClaim, name: string): Promise<void> => {
  const volume = context.cache.get(persistentVolumes, name);
  if (volume?.spec?.claimRef && isBoundTo(volume, claim)) return bind(context, volume, claim);
  if (volume && !volume.spec?.claimRef) {
    const why = mismatch(volume, claim);
    if (why === undefined) return bind(context, volume, claim);
    context.events.event(claim, "Warning", "VolumeMismatch", `Cannot bind to requested volume ${JSON.stringify(name)}: ${why}`);
  } else if (volume)
    context.events.event(claim, "Warning", "FailedBinding", `volume ${JSON.stringify(name)} already bound to a different claim.`);
  await setClaimPhase(context, claim, "Pending");
};

const syncBound = async (context: Reconcile, claim: PersistentVolumeClaim): Promise<void> => {
  const name = claim.spec?.volumeName ?? "";
  const volume = name === "" ? undefined : context.cache.get(persistentVolumes, name);
  if (volume && (!volume.spec?.claimRef || volume.spec.claimRef.uid === claim.metadata.uid)) return bind(context, volume, claim);
  if (claim.status?.phase === "Lost") return;
  const lost = await setClaimPhase(context, claim, "Lost");
  const [reason, message] = volume
    ? ["ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly"]
    : [
        "ClaimLost",
        name === ""
          ? "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"
          : "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
      ];
  context.events.event(lost, "Warning", reason, message);
};

/** Nobody has a volume: whoever the class names is to make one. */
const provision = async (
  { client, events }: Reconcile,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
): Promise<void> => {
  if (!storageClass) {
    events.event(claim, "Warning", "ProvisioningFailed", `storageclass.storage.k8s.io ${JSON.stringify(classOfClaim(claim))} not found`);
    return;
  }
  const { provisioner } = storageClass;
  if (provisioner.startsWith("kubernetes.io/")) {
    events.event(claim, "Warning", "ProvisioningFailed", `no volume plugin matched name: ${provisioner}`);
    return;
  }
  const isNoted = PROVISIONER.every((annotation) => claim.metadata.annotations?.[annotation] === provisioner);
  const noted = isNoted
    ? claim
    : await client.update(persistentVolumeClaims, {
        ...claim,
        metadata: {
          ...claim.metadata,
          annotations: { ...claim.metadata.annotations, ...Object.fromEntries(PROVISIONER.map((annotation) => [annotation, provisioner])) },
        },
      });
  events.event(
    noted,
    "Normal",
    "ExternalProvisioning",
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
};
