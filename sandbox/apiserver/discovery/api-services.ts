import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { Reader } from "../cache/watch-cache.ts";
import type { ServedResources } from "./served-resources.ts";
import { compareVersions } from "./versions.ts";

/** apiregistration.k8s.io/v1 APIService, as far as discovery and routing need it. */
export interface ApiService extends KubeObject {
  readonly spec: {
    readonly group?: string;
    readonly version?: string;
    readonly groupPriorityMinimum?: number;
    readonly versionPriority?: number;
    /** Absent: served here. */
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number } | null;
    readonly insecureSkipTLSVerify?: boolean;
    readonly caBundle?: string;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A group and the versions it is served in, the preferred one first. */
export interface ServedGroup {
  readonly name: string;
  readonly versions: readonly string[];
}

/** What custom resources are registered with. */
export const customPriorities = { group: 1000, version: 100 };

/** The group of API services is none itself, and stands before all others. */
const ownGroup = { name: "apiregistration.k8s.io", priority: 20_000 };

/** The API services that are stored. */
export const apiServicesOf = (reader: Reader): readonly ApiService[] =>
  reader.list("apiregistration.k8s.io", "apiservices") as readonly unknown[] as readonly ApiService[];

/** The API service of a group version. */
export const apiServiceFor = (reader: Reader, group: string, version: string): ApiService | undefined =>
  reader.get("apiregistration.k8s.io", "apiservices", "", `${version}.${group}`) as ApiService | undefined;

/** All groups but the core's, in the order in which `/apis` lists them: by their API services' priorities, then by name. */
export const servedGroups = (served: ServedResources, reader: Reader): readonly ServedGroup[] => {
  const services = new Map(apiServicesOf(reader).map((service) => [`${service.spec.group ?? ""}/${service.spec.version ?? ""}`, service]));
  const versions = new Map<string, Map<string, number>>();
  const priorities = new Map<string, number>();
  const add = (group: string, version: string): void => {
    if (group === "") return;
    const usual = group === ownGroup.name ? ownGroup.priority : customPriorities.group;
    const { groupPriorityMinimum = usual, versionPriority = customPriorities.version } = services.get(`${group}/${version}`)?.spec ?? {};
    priorities.set(group, Math.max(priorities.get(group) ?? 0, groupPriorityMinimum));
    versions.set(group, (versions.get(group) ?? new Map<string, number>()).set(version, versionPriority));
  };
  for (const { group, version } of served.all()) add(group, version);
  for (const { spec } of services.values()) if (spec.service) add(spec.group ?? "", spec.version ?? "");
  return [...versions]
    .sort(([a], [b]) => (priorities.get(b) ?? 0) - (priorities.get(a) ?? 0) || (a < b ? -1 : 1))
    .map(([name, known]) => ({
      name,
      versions: [...known].sort(([a, first], [b, second]) => second - first || compareVersions(a, b)).map(([version]) => version),
    }));
};
