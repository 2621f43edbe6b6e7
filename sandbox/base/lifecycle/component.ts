/** A part of the cluster with a life of its own: it starts, runs until told to stop, and leaves nothing behind. */
export interface Component {
  /** As in `kubectl get componentstatuses` and user agents: `kube-scheduler`, `replicaset-controller`. */
  readonly name: string;
  start(): Promise<void>;
  /** Resolves when its last work has ended. Harmless when it was never started. */
  stop(): Promise<void>;
}
