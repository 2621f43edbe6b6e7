import type { KubeObject } from "../../../apimachinery/meta/types.ts";

/** A persistent volume, as far as a node's rights follow from it. */
export interface VolumeLike extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>> & { readonly claimRef?: { readonly namespace?: string; readonly name?: string } };
}

interface SecretReference {
  readonly name?: string;
  readonly namespace?: string;
}

const secretFields = [
  "secretRef",
  "controllerExpandSecretRef",
  "controllerPublishSecretRef",
  "nodePublishSecretRef",
  "nodeStageSecretRef",
  "nodeExpandSecretRef",
];

/** The secrets a volume's driver needs, as `namespace/name`; without a namespace they are the claim's neighbours. */
export const volumeSecrets = ({ spec }: VolumeLike): readonly string[] => {
  const home = spec.claimRef?.namespace ?? "";
  const found: string[] = [];
  for (const source of Object.values(spec)) {
    if (typeof source !== "object" || source === null) continue;
    const fields = source as Readonly<Record<string, unknown>>;
    for (const field of secretFields) {
      const reference = fields[field] as SecretReference | undefined;
      if (reference?.name) found.push(`${reference.namespace ?? home}/${reference.name}`);
    }
    // Azure files name theirs in fields of their own.
    const { secretName, secretNamespace } = fields;
    if (typeof secretName === "string") found.push(`${typeof secretNamespace === "string" ? secretNamespace : home}/${secretName}`);
  }
  return found;
};
