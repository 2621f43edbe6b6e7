import type { PackVersion } from "../api/pack/load-pack.ts";
import type { AuditSettings } from "../apiserver/audit/audit-log.ts";
import type { ControllerOptions } from "../controllers/options.ts";
import type { AccessSettings } from "./access.ts";
import type { EtcdServers } from "../storage/etcd/etcd-api.ts";
import type { Log } from "../base/log/log.ts";

/** Parts that a cluster may run without. */
export type ComponentName = "scheduler" | "controller-manager" | "proxy" | "dns" | "kubelet";

/** What a cluster is asked to be. */
export interface ClusterOptions {
  /** The release that is served: `1.36`. */
  readonly kubernetesVersion?: PackVersion;
  /** The same seed and the same inputs give the same cluster. */
  readonly seed?: number;
  /** Simulated nodes at the start: how many, or their names. */
  readonly nodes?: number | readonly string[];
  /** Time passes by itself. Otherwise it stands, and moves when the cluster is told to advance. */
  readonly live?: boolean;
  /** Where keys and the store are kept; in memory when absent. */
  readonly dataDir?: string;
  /** Keeps the store in an etcd cluster; `dataDir` then has the keys only. */
  readonly etcd?: EtcdServers;
  /** Where keys are kept when the store is not. */
  readonly pkiDir?: string;
  /** The controller manager's flags. */
  readonly controllerOptions?: Partial<ControllerOptions>;
  readonly disable?: readonly ComponentName[];
  /** A KubeSchedulerConfiguration as YAML or JSON. */
  readonly schedulerConfig?: string;
  /** Serves HTTPS. Without it the cluster can be reached from within the process only. */
  readonly listen?: { readonly port: number; readonly host?: string };
  readonly serviceClusterIpRange?: string;
  readonly issuer?: string;
  /** Who is believed, and who decides what they may. */
  readonly access?: AccessSettings;
  /** Requests are written down as far as this wants it. */
  readonly audit?: AuditSettings;
  readonly log?: Log;
}

/** The names of the simulated nodes that a cluster starts with. */
export const nodeNamesOf = ({ nodes, disable }: ClusterOptions): readonly string[] => {
  if (disable?.includes("kubelet")) return [];
  return typeof nodes === "number" ? Array.from({ length: nodes }, (_, index) => `node-${String(index + 1)}`) : (nodes ?? []);
};

export const defaultServiceRange = "10.96.0.0/16";
export const defaultIssuer = "https://kubernetes.default.svc.cluster.local";
export const defaultVersion: PackVersion = "1.36";
