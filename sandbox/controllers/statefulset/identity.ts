import type { KubeObject } from "../../apimachinery/meta/types.ts";
import { statefulSets } from "../../api/resources.ts";
import type { PersistentVolumeClaim, Pod, PodTemplateSpec, StatefulSet, Volume } from "../../api/types.ts";
import { REVISION_LABEL } from "../workloads/history.ts";
import { controllerReference } from "../workloads/owners.ts";
import { podFromTemplate } from "../workloads/pod-control.ts";

const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** The number at the end of a pod's name, and the name before it; -1 where there is none. */
export const parentAndOrdinal = (name: string): { readonly parent: string; readonly ordinal: number } => {
  const match = /^(.*)-([0-9]+)$/.exec(name);
  const ordinal = match ? Number(match[2]) : -1;
  return match && ordinal < 2 ** 31 ? { parent: match[1]!, ordinal } : { parent: "", ordinal: -1 };
};

export const ordinalOf = ({ metadata }: KubeObject): number => parentAndOrdinal(metadata.name ?? "").ordinal;

export const isMember = (set: StatefulSet, { metadata }: Pod): boolean =>
  parentAndOrdinal(metadata.name ?? "").parent === set.metadata.name;

export const startOf = ({ spec }: StatefulSet): number => spec?.ordinals?.start ?? 0;
export const replicasOf = ({ spec }: StatefulSet): number => spec?.replicas ?? 1;
export const isInRange = (set: StatefulSet, ordinal: number): boolean =>
  ordinal >= startOf(set) && ordinal < startOf(set) + replicasOf(set);

export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[REVISION_LABEL] ?? "";

/** The pod of an ordinal, with its name, its place in DNS and its claims. */
export const newPod = (set: StatefulSet, template: PodTemplateSpec, ordinal: number, revision: string): Pod => {
  const pod = podFromTemplate(template, set, controllerReference(statefulSets, set));
  const { generateName: _, ...metadata } = pod.metadata;
  const name = `${set.metadata.name ?? ""}-${ordinal}`;
  const named: Pod = {
    ...pod,
    metadata: { ...metadata, name, labels: { ...metadata.labels, [REVISION_LABEL]: revision } },
    spec: { ...pod.spec, hostname: name, ...(set.spec?.serviceName && { subdomain: set.spec.serviceName }) },
  };
  return withIdentity(set, named);
};

/** The pod with the labels and volumes that its ordinal gives it. */
export const withIdentity = (set: StatefulSet, pod: Pod): Pod => {
  const ordinal = ordinalOf(pod);
  const claims = claimsOf(set, ordinal);
  const own: Volume[] = [...claims].map(([volume, claim]) => ({
    name: volume,
    persistentVolumeClaim: { claimName: claim.metadata.name! },
  }));
  const volumes = [...own, ...(pod.spec.volumes ?? []).filter(({ name }) => !claims.has(name))];
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [POD_NAME]: pod.metadata.name ?? "", [POD_INDEX]: String(ordinal) } },
    spec: { ...pod.spec, ...(volumes.length > 0 && { volumes }) },
  };
};

export const hasIdentity = (set: StatefulSet, pod: Pod): boolean =>
  isMember(set, pod) &&
  pod.metadata.labels?.[POD_NAME] === pod.metadata.name &&
  [...claimsOf(set, ordinalOf(pod))].every(([volume, claim]) =>
    pod.spec.volumes?.some(
      ({ name, persistentVolumeClaim }) => name === volume && persistentVolumeClaim?.claimName === claim.metadata.name,
    ),
  );

/** The claims of an ordinal, by the name of their template. */
export const claimsOf = (set: StatefulSet, ordinal: number): ReadonlyMap<string, PersistentVolumeClaim> =>
  new Map(
    (set.spec?.volumeClaimTemplates ?? []).map((template) => {
      const volume = template.metadata.name ?? "";
      const claim: PersistentVolumeClaim = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: {
          ...template.metadata,
          name: `${volume}-${set.metadata.name ?? ""}-${ordinal}`,
          namespace: set.metadata.namespace,
          labels: { ...template.metadata.labels, ...set.spec?.selector.matchLabels },
        },
        ...(template.spec && { spec: template.spec }),
      };
      return [volume, claim];
    }),
  );
