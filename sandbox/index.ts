/** The door for hosts: a cluster in this process. */
export { Cluster, startCluster } from "./cluster/cluster.ts";
export type { ClusterOptions, ComponentName } from "./cluster/options.ts";
export type { Client } from "./client/client.ts";
