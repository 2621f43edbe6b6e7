import type { PodSpec, PodTemplateSpec } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import type { StrategyContext } from "../../strategy.ts";
import { containersOf, type AnyContainer } from "./visit.ts";

/** A field that a gate guards. What an object already uses it keeps. */
interface GuardedField {
  readonly gate: string;
  readonly isUsed: (spec: PodSpec) => boolean;
  readonly drop: (spec: Draft<PodSpec>) => void;
}

const eachContainer = (spec: Draft<PodSpec>, change: (container: Draft<AnyContainer>) => void): void => {
  for (const list of [spec.initContainers, spec.containers, spec.ephemeralContainers]) list?.forEach(change);
};

const sourcesOf = ({ volumes }: PodSpec) => (volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);

/** dropDisabledFields, by gate. */
const guardedFields: readonly GuardedField[] = [
  {
    gate: "DynamicResourceAllocation",
    isUsed: (spec) => spec.resourceClaims !== undefined || containersOf(spec).some(({ resources }) => resources?.claims !== undefined),
    drop: (spec) => {
      delete spec.resourceClaims;
      eachContainer(spec, ({ resources }) => {
        if (resources) delete resources.claims;
      });
    },
  },
  {
    gate: "InPlacePodVerticalScaling",
    isUsed: (spec) => containersOf(spec).some(({ resizePolicy }) => resizePolicy !== undefined),
    drop: (spec) => {
      eachContainer(spec, (container) => {
        delete container.resizePolicy;
      });
    },
  },
  {
    gate: "UserNamespacesSupport",
    isUsed: ({ hostUsers }) => hostUsers !== undefined,
    drop: (spec) => {
      delete spec.hostUsers;
    },
  },
  {
    /** Goes as a whole, with its mounts. */
    gate: "ImageVolume",
    isUsed: ({ volumes }) => (volumes ?? []).some(({ image }) => image !== undefined),
    drop: (spec) => {
      const dropped = new Set((spec.volumes ?? []).filter(({ image }) => image).map(({ name }) => name));
      spec.volumes = spec.volumes?.filter(({ image }) => !image);
      eachContainer(spec, (container) => {
        if (container.volumeMounts) container.volumeMounts = container.volumeMounts.filter(({ name }) => !dropped.has(name));
      });
    },
  },
  {
    gate: "SupplementalGroupsPolicy",
    isUsed: ({ securityContext }) => securityContext?.supplementalGroupsPolicy !== undefined,
    drop: ({ securityContext }) => {
      delete securityContext?.supplementalGroupsPolicy;
    },
  },
  {
    gate: "SELinuxChangePolicy",
    isUsed: ({ securityContext }) => securityContext?.seLinuxChangePolicy !== undefined,
    drop: ({ securityContext }) => {
      delete securityContext?.seLinuxChangePolicy;
    },
  },
  {
    gate: "PodLevelResources",
    isUsed: ({ resources }) => resources !== undefined,
    drop: (spec) => {
      delete spec.resources;
    },
  },
  {
    gate: "ClusterTrustBundleProjection",
    isUsed: (spec) => sourcesOf(spec).some(({ clusterTrustBundle }) => clusterTrustBundle !== undefined),
    drop: ({ volumes }) => volumes?.forEach(({ projected }) => projected?.sources?.forEach((source) => delete source.clusterTrustBundle)),
  },
  {
    gate: "PodCertificateRequest",
    isUsed: (spec) => sourcesOf(spec).some(({ podCertificate }) => podCertificate !== undefined),
    drop: ({ volumes }) => volumes?.forEach(({ projected }) => projected?.sources?.forEach((source) => delete source.podCertificate)),
  },
  {
    gate: "HostnameOverride",
    isUsed: ({ hostnameOverride }) => hostnameOverride !== undefined,
    drop: (spec) => {
      delete spec.hostnameOverride;
    },
  },
  {
    gate: "ContainerRestartRules",
    isUsed: (spec) => containersOf(spec).some(({ restartPolicyRules }) => restartPolicyRules !== undefined),
    drop: (spec) => {
      eachContainer(spec, (container) => {
        delete container.restartPolicyRules;
      });
    },
  },
  {
    gate: "ContainerStopSignals",
    isUsed: (spec) => containersOf(spec).some(({ lifecycle }) => lifecycle?.stopSignal !== undefined),
    drop: (spec) => {
      eachContainer(spec, ({ lifecycle }) => {
        if (lifecycle) delete lifecycle.stopSignal;
      });
    },
  },
  {
    gate: "EnvFiles",
    isUsed: (spec) => containersOf(spec).some(({ env }) => (env ?? []).some(({ valueFrom }) => valueFrom?.fileKeyRef !== undefined)),
    drop: (spec) => {
      eachContainer(spec, ({ env }) => env?.forEach(({ valueFrom }) => delete valueFrom?.fileKeyRef));
    },
  },
  {
    /** Once the default was written into every pod: it is forced back to, never taken away. */
    gate: "ProcMountType",
    isUsed: (spec) => containersOf(spec).some(({ securityContext }) => (securityContext?.procMount ?? "Default") !== "Default"),
    drop: (spec) => {
      eachContainer(spec, ({ securityContext }) => {
        if (securityContext?.procMount !== undefined) securityContext.procMount = "Default";
      });
    },
  },
];

/** Drops what a gate that is off guards (DropDisabledPodFields). */
export const dropDisabledPodFields = (
  spec: Draft<PodSpec>,
  old: PodSpec | undefined,
  { enabled }: Pick<StrategyContext, "enabled">,
): void => {
  for (const { gate, isUsed, drop } of guardedFields) if (!enabled(gate) && isUsed(spec) && !(old && isUsed(old))) drop(spec);
};

/** DropDisabledTemplateFields. */
export const dropDisabledTemplateFields = (
  template: Draft<PodTemplateSpec> | undefined,
  old: PodTemplateSpec | undefined,
  context: Pick<StrategyContext, "enabled">,
): void => {
  if (template?.spec) dropDisabledPodFields(template.spec, old?.spec, context);
};
