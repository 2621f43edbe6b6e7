import { isTerminating, keyOf } from "../../apimachinery/meta/types.ts";
import { persistentVolumeClaims, pods } from "../../api/resources.ts";
import type { PersistentVolumeClaim, Pod } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import { index, mapped } from "../framework/watches.ts";
import { isTerminal } from "../workloads/pods.ts";

const FINALIZER = "kubernetes.io/pvc-protection";
const BY_CLAIM = "claim";

/** Keeps a claim that is being deleted until no pod uses it. */
export const persistentVolumeClaimProtection = defineController<PersistentVolumeClaim>({
  name: "persistentvolumeclaim-protection-controller",
  alias: "pvc-protection",
  account: "pvc-protection-controller",
  reconciles: persistentVolumeClaims,
  watches: [mapped(pods, ({ previous, next }) => (!next || isTerminal(next) ? claimsOf((next ?? previous)!) : []))],
  indexes: [index(pods, BY_CLAIM, (pod) => claimsOf(pod))],
  async reconcile(key, { cache, client }) {
    const claim = cache.get(persistentVolumeClaims, key);
    if (!claim) return;
    const { finalizers = [] } = claim.metadata;
    const write = (next: readonly string[]) =>
      client.update(persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, finalizers: next } });
    if (!isTerminating(claim)) {
      if (!finalizers.includes(FINALIZER)) await write([...finalizers, FINALIZER]);
      return;
    }
    if (!finalizers.includes(FINALIZER)) return;
    const isUser = (pod: Pod): boolean => pod.spec.nodeName !== undefined && pod.spec.nodeName !== "" && !isTerminal(pod);
    if (cache.indexed(pods, BY_CLAIM, keyOf(claim)).some(isUser)) return;
    // A pod may have been bound to a node a moment ago.
    const { items } = await client.list(pods, { namespace: claim.metadata.namespace });
    if (items.some((pod) => isUser(pod) && claimsOf(pod).includes(key))) return;
    await write(finalizers.filter((finalizer) => finalizer !== FINALIZER));
  },
});

/** The claims that a pod uses, its own ephemeral ones included. */
const claimsOf = ({ metadata, spec }: Pod): readonly string[] =>
  (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral ? `${metadata.name ?? ""}-${name}` : undefined);
    return claim === undefined ? [] : [`${metadata.namespace ?? ""}/${claim}`];
  });
