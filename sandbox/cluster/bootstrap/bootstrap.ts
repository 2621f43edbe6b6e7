import type { VersionPack } from "../../api/pack/version-pack.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Perform } from "../../apimachinery/operation/operation.ts";
import { defaultPolicy } from "../../apiserver/authorization/rbac/bootstrap-policy/default-policy.ts";
import { featuresOf } from "../../apiserver/registry/features.ts";
import type { Log } from "../../base/log/log.ts";
import type { Reader } from "../../apiserver/cache/watch-cache.ts";
import { loopbackAgent, loopbackUser } from "../../apiserver/loopback/loopback.ts";
import { builtInApiServices } from "./api-services.ts";
import { flowSchemas, priorityLevels } from "./flow-control.ts";
import { kubernetesService, type KubernetesServiceOptions } from "./kubernetes-service.ts";
import { systemNamespaces, systemPriorityClasses } from "./namespaces.ts";
import { authenticationConfig, type AuthenticationMaterial } from "./authentication-config.ts";

export interface BootstrapOptions {
  readonly perform: Perform;
  readonly reader: Reader;
  readonly pack: VersionPack;
  readonly service: KubernetesServiceOptions;
  readonly material: AuthenticationMaterial;
  readonly log: Log;
}

/** Writes what every cluster has, as far as it is missing. What is there is left as it is. */
export const bootstrap = async (options: BootstrapOptions): Promise<void> => {
  const { pack } = options;
  const write = writer(options);
  const wanted = [
    ...systemNamespaces(),
    ...defaultPolicy(featuresOf(Number(pack.version.split(".")[1]))),
    ...systemPriorityClasses(),
    ...priorityLevels(),
    ...flowSchemas(),
    ...builtInApiServices(pack),
    ...kubernetesService(options.service),
    authenticationConfig(options.material),
  ];
  for (const object of wanted) {
    try {
      await write(object);
    } catch (error) {
      // One object the less is better than no cluster.
      options.log.error("an object that every cluster has could not be written", {
        kind: object.kind,
        name: object.metadata.name,
        error: String(error),
      });
    }
  }
};

const writer = ({ perform, reader, pack }: BootstrapOptions): ((object: AnyObject) => Promise<void>) => {
  const resources = new Map(
    pack.resources.map((resource) => [
      `${resource.group === "" ? resource.version : `${resource.group}/${resource.version}`} ${resource.kind}`,
      resource,
    ]),
  );
  return async (object) => {
    const resource = resources.get(`${object.apiVersion ?? ""} ${object.kind ?? ""}`);
    if (!resource) return;
    const { group, version } = resource;
    const { name = "", namespace } = object.metadata;
    if (reader.get(group, resource.resource, namespace ?? "", name)) return;
    try {
      const place = { group, version, resource: resource.resource, ...(namespace !== undefined && { namespace }) };
      await perform({ verb: "create", ...place, object, user: loopbackUser, userAgent: loopbackAgent });
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
  };
};
