import type { ServedGroup } from "./api-services.ts";
import type { ServedResource } from "./served-resource.ts";
import type { ServedResources } from "./served-resources.ts";

const groupVersion = (group: string, version: string): string => (group === "" ? version : `${group}/${version}`);

/** metav1.APIVersions: `/api`. `serverAddress` is `host:port`. */
export const apiVersions = (serverAddress: string): object => ({
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
});

/** metav1.APIGroup: `/apis/<group>`. */
export const apiGroup = (group: ServedGroup): object => ({ kind: "APIGroup", apiVersion: "v1", ...groupFields(group) });

/** metav1.APIGroupList: `/apis`. */
export const apiGroupList = (groups: readonly ServedGroup[]): object => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groups.map(groupFields),
});

const groupFields = ({ name, versions }: ServedGroup): object => {
  const entries = versions.map((version) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: entries, preferredVersion: entries[0] };
};

/** metav1.APIResourceList: `/apis/<group>/<version>`. The core group's bears no apiVersion. */
export const apiResourceList = (group: string, version: string, resources: readonly ServedResource[]): object => ({
  kind: "APIResourceList",
  ...(group !== "" && { apiVersion: "v1" }),
  groupVersion: groupVersion(group, version),
  resources: resources.flatMap(apiResources).sort((a, b) => (a.name < b.name ? -1 : 1)),
});

interface ApiResource {
  readonly name: string;
}

const apiResources = (served: ServedResource): readonly ApiResource[] => {
  const { resource, singular, namespaced, kind, verbs, shortNames, categories, storageVersionHash, custom } = served;
  const own = {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs: custom ? verbs : [...verbs].sort(),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(storageVersionHash !== undefined && { storageVersionHash }),
  };
  return [
    // Nothing is served of a resource without a kind but its subresources.
    ...(kind === "" ? [] : [own]),
    ...served.subresources.map(
      (each): ApiResource =>
        ({
          name: `${resource}/${each.name}`,
          singularName: "",
          namespaced,
          ...(each.version !== undefined && { ...(each.group && { group: each.group }), version: each.version }),
          kind: each.kind,
          verbs: [...each.verbs].sort(),
        }) as ApiResource,
    ),
  ];
};

/** apidiscovery.k8s.io APIGroupDiscoveryList: everything under `/api` or `/apis` at once. */
export const aggregatedDiscovery = (apiVersion: string, groups: readonly ServedGroup[], served: ServedResources): object => ({
  kind: "APIGroupDiscoveryList",
  apiVersion,
  metadata: {},
  items: groups.map(({ name, versions }) => ({
    metadata: { ...(name !== "" && { name }), creationTimestamp: null },
    versions: versions.map((version) => ({ version, resources: served.of(name, version).map(discoveredResource), freshness: "Current" })),
  })),
});

const discoveredResource = (served: ServedResource): object => {
  const { resource, kind, namespaced, singular, verbs, shortNames, categories, subresources, custom } = served;
  // Upstream leaves group and version out where they are those of the list; custom resources say them.
  const own = custom ? { group: served.group, version: served.version, kind } : { group: "", version: "", kind };
  return {
    resource,
    responseKind: own,
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs: [...verbs].sort(),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: [...subresources]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((each) => ({
          subresource: each.name,
          responseKind:
            each.version === undefined ? { ...own, kind: each.kind } : { group: each.group ?? "", version: each.version, kind: each.kind },
          verbs: [...each.verbs].sort(),
        })),
    }),
  };
};
