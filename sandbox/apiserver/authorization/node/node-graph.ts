import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import { referencesOf, type PodLike } from "./pod-references.ts";
import { volumeSecrets, type VolumeLike } from "./volume-secrets.ts";

export type Vertex =
  "secret" | "configmap" | "pvc" | "pv" | "serviceaccount" | "resourceclaim" | "volumeattachment" | "resourceslice" | "pod";

/** Whether an object is reached from a node: node ← pod ← secret, config map, claim ← volume ← secret. */
export interface NodeGraph {
  isRelated(node: string, vertex: Vertex, namespace: string, name: string): boolean;
}

interface OnNode extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
}

/** The graph as the stored objects span it. Walked from the node's pods, of which there are few, when somebody asks. */
export const storedNodeGraph = (reader: Reader): NodeGraph => {
  const references = new WeakMap<object, ReadonlySet<string>>();
  const podRefersTo = (node: string, key: string): boolean =>
    reader.podsOn(node).some((pod) => {
      const known = references.get(pod) ?? referencesOf(pod as unknown as PodLike);
      references.set(pod, known);
      return known.has(key);
    });

  const reachesClaimOf = (node: string, volume: VolumeLike | undefined): boolean => {
    const { name, namespace } = volume?.spec.claimRef ?? {};
    return name !== undefined && podRefersTo(node, `pvc ${namespace ?? ""}/${name}`);
  };

  return {
    isRelated(node, vertex, namespace, name) {
      switch (vertex) {
        case "pod":
          return (reader.get("", "pods", namespace, name) as OnNode | undefined)?.spec?.nodeName === node;
        case "volumeattachment":
          return (reader.get("storage.k8s.io", "volumeattachments", "", name) as OnNode | undefined)?.spec?.nodeName === node;
        case "resourceslice":
          return (reader.get("resource.k8s.io", "resourceslices", "", name) as OnNode | undefined)?.spec?.nodeName === node;
        case "pv":
          return reachesClaimOf(node, reader.get("", "persistentvolumes", "", name) as VolumeLike | undefined);
        case "secret":
          if (podRefersTo(node, `secret ${namespace}/${name}`)) return true;
          return (reader.list("", "persistentvolumes") as readonly unknown[] as readonly VolumeLike[]).some(
            (volume) => volumeSecrets(volume).includes(`${namespace}/${name}`) && reachesClaimOf(node, volume),
          );
        default:
          return podRefersTo(node, `${vertex} ${namespace}/${name}`);
      }
    },
  };
};
