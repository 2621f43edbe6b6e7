import { replicaSets } from "../../api/resources.ts";
import { replicaManager } from "../workloads/replica-manager.ts";

/** Keeps as many pods alive as a ReplicaSet asks for. */
export const replicaSetController = replicaManager({
  name: "replicaset-controller",
  alias: "replicaset",
  reconciles: replicaSets,
  workers: (options) => options.concurrentReplicaSetSyncs,
  selectorOf: ({ spec }) => spec?.selector,
});
