import type { EnvVar, PodSpec, PodTemplateSpec, Volume } from "../../../../api/types.ts";
import type { ObjectMeta } from "../../../../apimachinery/meta/types.ts";
import { isDNS1123Label } from "../../../../apimachinery/validation/names.ts";
import { nodeLabelDeprecation } from "../nodes/labels.ts";
import { nodeSelectorTermWarnings } from "../nodes/selector-warnings.ts";
import { claimSpecWarnings } from "../persistentvolumeclaims/claim-warnings.ts";
import { appArmorPrefix, seccompContainerPrefix, seccompPod } from "./annotations.ts";
import { fractionalBytesWarnings } from "./fractional-bytes.ts";
import { overlappingPathWarnings } from "./overlapping-paths.ts";
import { portWarnings } from "./port-warnings.ts";
import { visitContainers } from "./visit.ts";

/** Deprecations and surprises in a template (GetWarningsForPodTemplate). */
export const templateWarnings = ({ metadata, spec }: PodTemplateSpec, path: string): string[] =>
  spec ? podWarnings(spec, metadata ?? {}, `${path}.`, false) : [];

/** Deprecations and surprises in a pod (GetWarningsForPod). `prefix` stands in front of `spec` and `metadata`. */
export const podWarnings = (spec: PodSpec, metadata: ObjectMeta, prefix: string, isPod: boolean): string[] => {
  const path = `${prefix}spec`;
  return [
    ...placementWarnings(spec, path),
    ...annotationWarnings(metadata, prefix),
    ...(spec.volumes ? volumeWarnings(spec.volumes, `${path}.volumes`) : []),
    ...(spec.volumes ? overlappingPathWarnings(spec.volumes) : []),
    ...duplicateWarnings(spec, path),
    ...fractionalBytesWarnings(spec.overhead, ["memory"], `${path}.overhead`),
    ...fractionalBytesWarnings(spec.overhead, ["ephemeral-storage"], `${path}.overhead`),
    ...containerWarnings(spec, metadata, prefix, isPod),
    ...portWarnings(spec, path),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...(spec.affinity ? affinityWarnings(spec, `${path}.affinity`) : []),
  ];
};

const placementWarnings = ({ nodeSelector, affinity, topologySpreadConstraints }: PodSpec, path: string): string[] => {
  const warnings: string[] = [];
  for (const label in nodeSelector) {
    const message = nodeLabelDeprecation(label);
    if (message !== undefined) warnings.push(`${path}.nodeSelector[${label}]: ${message}`);
  }
  const field = `${path}.affinity.nodeAffinity`;
  affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.forEach((term, at) => {
    warnings.push(
      ...nodeSelectorTermWarnings(term, false, `${field}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${at}]`),
    );
  });
  affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, at) => {
    warnings.push(
      ...nodeSelectorTermWarnings(preference ?? {}, true, `${field}.preferredDuringSchedulingIgnoredDuringExecution[${at}].preference`),
    );
  });
  topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, at) => {
    const message = nodeLabelDeprecation(topologyKey);
    if (message !== undefined) warnings.push(`${path}.topologySpreadConstraints[${at}].topologyKey: ${topologyKey} is ${message}`);
    if (!labelSelector)
      warnings.push(`${path}.topologySpreadConstraints[${at}].labelSelector: a null labelSelector results in matching no pod`);
  });
  return warnings;
};

const deadAnnotations: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod": `non-functional in v1.16+; use the "priorityClassName" field instead`,
  "security.alpha.kubernetes.io/sysctls": `non-functional in v1.11+; use the "sysctls" field instead`,
  "security.alpha.kubernetes.io/unsafe-sysctls": `non-functional in v1.11+; use the "sysctls" field instead`,
};

const annotationWarnings = ({ annotations }: ObjectMeta, prefix: string): string[] => {
  if (!annotations) return [];
  return Object.entries(deadAnnotations).flatMap(([key, message]) =>
    annotations[key] === undefined ? [] : [`${prefix}metadata.annotations[${key}]: ${message}`],
  );
};

const deadVolumes: Readonly<Partial<Record<keyof Volume, readonly [field: string, message: string]>>> = {
  photonPersistentDisk: ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  gitRepo: ["gitRepo", "deprecated in v1.11"],
  scaleIO: ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  flocker: ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  storageos: ["storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  quobyte: ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  glusterfs: ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  cephfs: ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  rbd: ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
};

const volumeWarnings = (volumes: readonly Volume[], path: string): string[] =>
  volumes.flatMap((volume, at) => {
    const claim = volume.ephemeral?.volumeClaimTemplate;
    if (claim) return claimSpecWarnings(claim.spec ?? {}, `${path}[${at}].ephemeral.volumeClaimTemplate.spec`);
    return Object.keys(volume).flatMap((key) => {
      const dead =
        Object.hasOwn(deadVolumes, key) && volume[key as keyof Volume] !== undefined ? deadVolumes[key as keyof Volume] : undefined;
      return dead ? [`${path}[${at}].${dead[0]}: ${dead[1]}`] : [];
    });
  });

const duplicateWarnings = ({ hostAliases, imagePullSecrets }: PodSpec, path: string): string[] => {
  const repeated = (values: readonly string[], at: number): boolean => values.indexOf(values[at]!) < at;
  const addresses = (hostAliases ?? []).map(({ ip = "" }) => ip);
  const secrets = (imagePullSecrets ?? []).map(({ name = "" }) => name);
  return [
    ...addresses.flatMap((ip, at) =>
      repeated(addresses, at) ? [`${path}.hostAliases[${at}].ip: duplicate ip ${JSON.stringify(ip)}`] : [],
    ),
    ...secrets.flatMap((name, at) =>
      repeated(secrets, at) ? [`${path}.imagePullSecrets[${at}].name: duplicate name ${JSON.stringify(name)}`] : [],
    ),
    ...secrets.flatMap((name, at) => (name === "" ? [`${path}.imagePullSecrets[${at}].name: invalid empty name ""`] : [])),
  ];
};

const containerWarnings = (spec: PodSpec, { annotations }: ObjectMeta, prefix: string, isPod: boolean): string[] => {
  const warnings: string[] = [];
  const deadSeccomp = (key: string): void => {
    if (annotations?.[key] !== undefined)
      warnings.push(`${prefix}metadata.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  };
  if (!spec.securityContext?.seccompProfile) deadSeccomp(seccompPod);
  visitContainers(spec, `${prefix}spec`, ({ name, securityContext, resources, env }, path) => {
    if (annotations && !securityContext?.seccompProfile) deadSeccomp(seccompContainerPrefix + name);
    const key = appArmorPrefix + name;
    if (!isPod && annotations?.[key] !== undefined && !(securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile))
      warnings.push(`${prefix}metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
    for (const resource of ["memory", "ephemeral-storage"]) {
      if (!resources) continue;
      warnings.push(...fractionalBytesWarnings(resources.limits, [resource], `${path}.resources.limits`));
      warnings.push(...fractionalBytesWarnings(resources.requests, [resource], `${path}.resources.requests`));
    }
    if (env && env.length > 1) warnings.push(...hiddenVariableWarnings(env, `${path}.env`));
  });
  return warnings;
};

/** A variable may be told twice where the second value builds on the first. */
const hiddenVariableWarnings = (env: readonly EnvVar[], path: string): string[] => {
  const known = new Set<string>();
  const warnings: string[] = [];
  for (const [at, { name = "", value = "", valueFrom }] of env.entries()) {
    const reference = `$(${name})`;
    const builds = !valueFrom && value !== reference && value.includes(reference);
    if (known.has(name) && !builds)
      warnings.push(`${path}[${at}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`);
    known.add(name);
  }
  return warnings;
};

const affinityWarnings = ({ affinity }: PodSpec, path: string): string[] => {
  const words = "a null labelSelector results in matching no pod";
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((kind) => [
    ...(affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ labelSelector }, at) =>
      labelSelector ? [] : [`${path}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${at}].labelSelector: ${words}`],
    ),
    ...(affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }, at) =>
      podAffinityTerm?.labelSelector
        ? []
        : [`${path}.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${at}].podAffinityTerm.labelSelector: ${words}`],
    ),
  ]);
};

/** Pods are called after their workload, and their hosts after them. */
export const podNameWarnings = ({ metadata }: { readonly metadata: ObjectMeta }): string[] => {
  const sentences = isDNS1123Label(metadata.name ?? "");
  const words =
    "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
  return sentences.length === 0 ? [] : [`${words}: [${sentences.join(" ")}]`];
};
