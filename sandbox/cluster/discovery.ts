import type { Discovery } from "../client/discovery/discovery.ts";
import { servedGroups } from "../apiserver/discovery/api-services.ts";
import { ServedResources } from "../apiserver/discovery/served-resources.ts";
import type { ControlPlane } from "./control-plane.ts";

/** What is served, as components in the process learn it: without asking over HTTP. */
export const registryDiscovery = ({ pack, apiServer }: ControlPlane): Discovery => {
  const served = new ServedResources(pack, apiServer.registry);
  return {
    preferred() {
      const groups = [{ name: "", versions: ["v1"] }, ...servedGroups(served, apiServer.reader)];
      const seen = new Set<string>();
      const found = groups.flatMap(({ name, versions }) =>
        versions.flatMap((version) =>
          served.of(name, version).filter(({ resource }) => {
            const key = `${name}/${resource}`;
            return !seen.has(key) && seen.add(key) !== undefined;
          }),
        ),
      );
      return Promise.resolve(
        found.map(({ group, version, resource, kind, namespaced, verbs }) => ({ group, version, resource, kind, namespaced, verbs })),
      );
    },
  };
};
