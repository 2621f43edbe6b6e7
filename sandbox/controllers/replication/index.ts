import { replicationControllers } from "../../api/resources.ts";
import { replicaManager } from "../workloads/replica-manager.ts";

/** Keeps as many pods alive as a ReplicationController asks for. */
export const replicationController = replicaManager({
  name: "replicationcontroller-controller",
  alias: "replicationcontroller",
  account: "replication-controller",
  eventSource: "replication-controller",
  reconciles: replicationControllers,
  workers: (options) => options.concurrentReplicationControllerSyncs,
  selectorOf: ({ spec }) => spec?.selector && { matchLabels: spec.selector },
});
