import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { VersionPack } from "../../api/pack/version-pack.ts";

/** How much a group is preferred over others: it orders `/apis`. */
const groupPriorities: Readonly<Record<string, number>> = {
  "": 18000,
  "apps": 17800,
  "events.k8s.io": 17750,
  "authentication.k8s.io": 17700,
  "authorization.k8s.io": 17600,
  "autoscaling": 17500,
  "batch": 17400,
  "certificates.k8s.io": 17300,
  "networking.k8s.io": 17200,
  "policy": 17100,
  "rbac.authorization.k8s.io": 17000,
  "storage.k8s.io": 16800,
  "apiextensions.k8s.io": 16700,
  "admissionregistration.k8s.io": 16700,
  "scheduling.k8s.io": 16600,
  "coordination.k8s.io": 16500,
  "node.k8s.io": 16300,
  "discovery.k8s.io": 16200,
  "flowcontrol.apiserver.k8s.io": 16100,
  "internal.apiserver.k8s.io": 16000,
  "resource.k8s.io": 15900,
  "storagemigration.k8s.io": 15800,
};

/** Versions within a group, where they are not the usual 15. */
const versionPriorities: Readonly<Record<string, number>> = {
  "/v1": 1,
  "autoscaling/v2": 30,
  "flowcontrol.apiserver.k8s.io/v1": 21,
  "resource.k8s.io/v1": 20,
};

/** The group that serves API services is no API service itself. */
const own = "apiregistration.k8s.io";

/** An APIService for each group version of the release. */
export const builtInApiServices = (pack: VersionPack): readonly AnyObject[] => {
  const groupVersions = new Map(pack.resources.map(({ group, version }) => [`${version}.${group}`, { group, version }]));
  return [...groupVersions]
    .filter(([, { group }]) => group !== own)
    .map(([name, { group, version }]) => ({
      kind: "APIService",
      apiVersion: `${own}/v1`,
      metadata: { name, labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" } },
      spec: {
        ...(group !== "" && { group }),
        version,
        groupPriorityMinimum: groupPriorities[group] ?? 15000,
        versionPriority: versionPriorities[`${group}/${version}`] ?? (/alpha|beta/.test(version) ? 9 : 15),
      },
    }));
};
