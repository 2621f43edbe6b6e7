import { controllerOf, isTerminating } from "../../apimachinery/meta/types.ts";
import { persistentVolumeClaims, pods } from "../../api/resources.ts";
import type { Pod } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { controllerReference } from "../workloads/owners.ts";
import { wordsOf } from "../workloads/pod-control.ts";

/** Creates the claims of pods' ephemeral volumes, owned by the pod. */
export const ephemeralVolumeController = defineController<Pod>({
  name: "ephemeral-volume-controller",
  alias: "ephemeral-volume",
  eventSource: "ephemeral_volume",
  reconciles: pods,
  wants: ({ previous, next }) =>
    !previous && next !== undefined && (next.spec.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined),
  watches: [
    mapped(persistentVolumeClaims, ({ previous, next }) => {
      const owner = next || !previous ? undefined : controllerOf(previous);
      return owner?.kind === "Pod" ? [`${previous!.metadata.namespace ?? ""}/${owner.name}`] : [];
    }),
  ],
  async reconcile(key, { cache, client, events }) {
    const pod = cache.get(pods, key);
    if (!pod || isTerminating(pod)) return;
    for (const { name, ephemeral } of pod.spec.volumes ?? []) {
      const template = ephemeral?.volumeClaimTemplate;
      if (!template) continue;
      const claimName = `${pod.metadata.name ?? ""}-${name}`;
      const existing = cache.get(persistentVolumeClaims, `${pod.metadata.namespace ?? ""}/${claimName}`);
      if (existing) {
        if (controllerOf(existing)?.uid === pod.metadata.uid) continue;
        throw new Error(`PVC ${pod.metadata.namespace ?? ""}/${claimName} was not created for pod ${key} (pod is not owner)`);
      }
      try {
        await client.create(persistentVolumeClaims, {
          metadata: {
            name: claimName,
            namespace: pod.metadata.namespace,
            ...(template.metadata?.labels && { labels: template.metadata.labels }),
            ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
            ownerReferences: [controllerReference(pods, pod)],
          },
          spec: template.spec,
        });
      } catch (error) {
        events.event(pod, "Warning", "FailedBinding", `ephemeral volume ${name}: create PVC ${claimName}: ${wordsOf(error)}`);
        throw error;
      }
    }
  },
});
