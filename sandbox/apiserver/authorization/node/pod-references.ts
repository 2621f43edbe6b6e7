import type { KubeObject } from "../../../apimachinery/meta/types.ts";

interface Named {
  readonly name?: string;
}

interface EnvSource {
  readonly secretRef?: Named;
  readonly configMapRef?: Named;
}

interface ContainerLike {
  readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: Named; readonly configMapKeyRef?: Named } }[];
  readonly envFrom?: readonly EnvSource[];
}

interface VolumeLike extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: Named;
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly ephemeral?: unknown;
  readonly projected?: { readonly sources?: readonly { readonly secret?: Named; readonly configMap?: Named }[] };
}

/** A pod, as far as a node's rights follow from it. */
export interface PodLike extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly serviceAccountName?: string;
    readonly imagePullSecrets?: readonly Named[];
    readonly containers?: readonly ContainerLike[];
    readonly initContainers?: readonly ContainerLike[];
    readonly ephemeralContainers?: readonly ContainerLike[];
    readonly volumes?: readonly VolumeLike[];
    readonly resourceClaims?: readonly { readonly name: string; readonly resourceClaimName?: string }[];
  };
  readonly status?: { readonly resourceClaimStatuses?: readonly { readonly name: string; readonly resourceClaimName?: string }[] };
}

/** In-tree volume kinds whose `secretRef` (or, for Azure files, `secretName`) names a secret of the pod's namespace. */
const secretOf = (volume: VolumeLike): string | undefined => {
  if (volume.secret) return volume.secret.secretName;
  const azure = volume["azureFile"] as { readonly secretName?: string } | undefined;
  if (azure) return azure.secretName;
  for (const kind of ["cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos"]) {
    const named = (volume[kind] as { readonly secretRef?: Named } | undefined)?.secretRef?.name;
    if (named) return named;
  }
  return (volume["csi"] as { readonly nodePublishSecretRef?: Named } | undefined)?.nodePublishSecretRef?.name;
};

/** What a pod makes its node a reader of, as keys `secret NAMESPACE/NAME`. Mirror pods give nothing: a node could make them up. */
export const referencesOf = (pod: PodLike): ReadonlySet<string> => {
  const { namespace = "", name: podName = "", annotations } = pod.metadata;
  const found = new Set<string>();
  if (annotations?.["kubernetes.io/config.mirror"] !== undefined) return found;
  const add = (kind: string, name: string | undefined): void => {
    if (name) found.add(`${kind} ${namespace}/${name}`);
  };
  const { spec, status } = pod;
  add("serviceaccount", spec.serviceAccountName);
  for (const secret of spec.imagePullSecrets ?? []) add("secret", secret.name);
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      add("secret", valueFrom?.secretKeyRef?.name);
      add("configmap", valueFrom?.configMapKeyRef?.name);
    }
    for (const source of container.envFrom ?? []) {
      add("secret", source.secretRef?.name);
      add("configmap", source.configMapRef?.name);
    }
  }
  for (const volume of spec.volumes ?? []) {
    add("secret", secretOf(volume));
    add("configmap", volume.configMap?.name);
    add("pvc", volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${podName}-${volume.name}` : undefined));
    for (const source of volume.projected?.sources ?? []) {
      add("secret", source.secret?.name);
      add("configmap", source.configMap?.name);
    }
  }
  for (const claim of spec.resourceClaims ?? [])
    add(
      "resourceclaim",
      claim.resourceClaimName ?? status?.resourceClaimStatuses?.find(({ name }) => name === claim.name)?.resourceClaimName,
    );
  return found;
};
