/** The door for hosts: a cluster in this process. */
export { Cluster, startCluster } from "./cluster/cluster.ts";
export type { ClusterOptions, ComponentName } from "./cluster/options.ts";
export type { Client } from "./client/client.ts";

/** The words to speak to one with: types and resources of the built-in kinds, refusals, quantities. They load nothing of the engine. */
export type * from "./api/types.ts";
export * from "./api/resources.ts";
export { StatusError, hasReason, type Status, type StatusCause, type StatusReason } from "./apimachinery/errors/status.ts";
export type { AnyObject, KubeList, KubeObject, ObjectMeta, OwnerReference, ResourceType } from "./apimachinery/meta/types.ts";
export { quantityOf } from "./apimachinery/quantity/parse.ts";
