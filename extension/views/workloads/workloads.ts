import { cronJobs, daemonSets, deployments, jobs, replicaSets, statefulSets } from "../../../sandbox/index.ts";
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  KubeObject,
  Pod,
  ReplicaSet,
  ResourceType,
  StatefulSet,
} from "../../../sandbox/index.ts";
import type { Connection } from "../../cluster/connection.ts";
import { podRow } from "../objects/pod-row.ts";
import { podStatusOf } from "../objects/pod-status.ts";
import { byName, counted, facts, grouped, labelsText, namespaceOf, referenceTo } from "../objects/reference.ts";
import type { Row, Tone } from "../row.ts";
import type { View } from "../view.ts";

/** What a workload says of itself in one line. */
interface Standing {
  readonly text: string;
  readonly tone: Tone;
  readonly icon: string;
  readonly scalable?: boolean;
}

const readiness = (ready: number, wanted: number): Tone => (wanted === 0 ? "idle" : ready >= wanted ? "good" : "busy");

const ofDeployment = ({ spec, status }: Deployment): Standing => {
  const wanted = spec.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  const failed = status?.conditions?.some(
    ({ type, status, reason }) =>
      (type === "Progressing" && reason === "ProgressDeadlineExceeded") || (type === "ReplicaFailure" && status === "True"),
  );
  const updating = (status?.updatedReplicas ?? 0) < wanted ? ` · ${status?.updatedReplicas ?? 0} up to date` : "";
  return {
    text: `${ready}/${wanted} ready${updating}${spec.paused ? " · paused" : ""}`,
    tone: failed ? "bad" : readiness(ready, wanted),
    icon: "rocket",
    scalable: true,
  };
};
const ofReplicaSet = ({ metadata, spec, status }: ReplicaSet): Standing => {
  const wanted = spec.replicas ?? 1;
  const revision = metadata.annotations?.["deployment.kubernetes.io/revision"];
  const ready = status?.readyReplicas ?? 0;
  return {
    text: `${ready}/${wanted} ready${revision === undefined ? "" : ` · revision ${revision}`}`,
    tone: readiness(ready, wanted),
    icon: "layers",
    scalable: true,
  };
};
const ofStatefulSet = ({ spec, status }: StatefulSet): Standing => {
  const wanted = spec.replicas ?? 1;
  return {
    text: `${status?.readyReplicas ?? 0}/${wanted} ready`,
    tone: readiness(status?.readyReplicas ?? 0, wanted),
    icon: "database",
    scalable: true,
  };
};
const ofDaemonSet = ({ status }: DaemonSet): Standing => {
  const wanted = status?.desiredNumberScheduled ?? 0;
  return { text: `${status?.numberReady ?? 0}/${wanted} ready`, tone: readiness(status?.numberReady ?? 0, wanted), icon: "server-process" };
};
const ofJob = ({ spec, status }: Job): Standing => {
  const done = `${status?.succeeded ?? 0}/${spec?.completions ?? 1} completed`;
  const over = status?.conditions?.find(({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"))?.type;
  return {
    text: over === "Failed" ? `Failed · ${done}` : done,
    tone: over === "Failed" ? "bad" : over === "Complete" ? "idle" : "busy",
    icon: "tasklist",
  };
};
const ofCronJob = ({ spec, status }: CronJob): Standing => ({
  text: `${spec?.schedule ?? ""}${spec?.suspend ? " · suspended" : ""} · ${counted(status?.active?.length ?? 0, "job")} active`,
  tone: spec?.suspend ? "idle" : "good",
  icon: "clock",
});

/** The rows of one connection: every workload over what it owns. */
class Workloads {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  rows(): readonly Row[] {
    const { deployments, statefulSets, daemonSets, cronJobs, jobs, replicaSets, pods } = this.#connection;
    const roots = [
      ...deployments.all().map((each) => ({ each, row: (parent: string) => this.#deployment(parent, each) })),
      ...statefulSets
        .all()
        .map((each) => ({ each, row: (parent: string) => this.#owner(parent, each, statefulSetType, ofStatefulSet(each)) })),
      ...daemonSets.all().map((each) => ({ each, row: (parent: string) => this.#owner(parent, each, daemonSetType, ofDaemonSet(each)) })),
      ...cronJobs.all().map((each) => ({ each, row: (parent: string) => this.#cronJob(parent, each) })),
      ...jobs
        .all()
        .filter(isRoot)
        .map((each) => ({ each, row: (parent: string) => this.#owner(parent, each, jobType, ofJob(each)) })),
      ...replicaSets
        .all()
        .filter(isRoot)
        .map((each) => ({ each, row: (parent: string) => this.#owner(parent, each, replicaSetType, ofReplicaSet(each)) })),
      ...pods
        .all()
        .filter(isRoot)
        .map((each) => ({ each, row: (parent: string) => podRow(parent, each) })),
    ];
    return grouped(roots, ({ each }) => namespaceOf(each)).map(([namespace, members]) => ({
      id: namespace,
      label: namespace,
      description: counted(members.length, "workload"),
      icon: "symbol-namespace",
      context: "namespace",
      open: !namespace.startsWith("kube-"),
      children: () => members.map(({ row }) => row(namespace)),
    }));
  }

  #deployment(parent: string, deployment: Deployment): Row {
    const sets = this.#connection.replicaSets.by("owner", deployment.metadata.uid ?? "");
    const newestFirst = sets.toSorted((one, other) => revisionOf(other) - revisionOf(one) || byName(one, other));
    return this.#row(parent, deployment, deploymentType, ofDeployment(deployment), sets.length, (id) =>
      newestFirst.map((set) => this.#owner(id, set, replicaSetType, ofReplicaSet(set))),
    );
  }

  #cronJob(parent: string, cronJob: CronJob): Row {
    const made = this.#connection.jobs.by("owner", cronJob.metadata.uid ?? "");
    return this.#row(parent, cronJob, cronJobType, ofCronJob(cronJob), made.length, (id) =>
      made.toSorted(byName).map((job) => this.#owner(id, job, jobType, ofJob(job))),
    );
  }

  /** A workload whose pods are its own. */
  #owner(parent: string, owner: KubeObject, type: ResourceType, standing: Standing): Row {
    const pods = this.#connection.pods.by("owner", owner.metadata.uid ?? "");
    return this.#row(parent, owner, type, standing, pods.length, (id) => pods.toSorted(byName).map((pod) => podRow(id, pod)));
  }

  #row(
    parent: string,
    object: KubeObject,
    type: ResourceType,
    { text, tone, icon, scalable }: Standing,
    owned: number,
    children: (id: string) => readonly Row[],
  ): Row {
    const id = `${parent}/${object.metadata.uid ?? ""}`;
    const title = `${type.kind.toLowerCase()} ${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
    return {
      id,
      label: object.metadata.name ?? "",
      description: text,
      icon,
      tone,
      context: scalable ? "workload scalable" : "workload",
      about: referenceTo(type, object),
      tooltip: () =>
        facts(title, { Status: text, Labels: labelsText(object.metadata.labels), Created: object.metadata.creationTimestamp ?? undefined }),
      children: owned === 0 ? undefined : () => children(id),
    };
  }
}

const [deploymentType, replicaSetType, statefulSetType, daemonSetType, jobType, cronJobType] = [
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
];
const isRoot = ({ metadata }: KubeObject) => !metadata.ownerReferences?.some(({ controller }) => controller);
const revisionOf = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
const isFailing = (pod: Pod) => podStatusOf(pod).tone === "bad";

/** Workloads by namespace, each over what it owns: Deployment, ReplicaSet, Pod, container. */
export const workloadsView: View = {
  id: "drydock.workloads",
  follows: ["deployments", "replicaSets", "statefulSets", "daemonSets", "jobs", "cronJobs", "pods"],
  rows: (connection) => new Workloads(connection).rows(),
  badge: ({ pods }) => {
    const value = pods.all().filter(isFailing).length;
    return { value, tooltip: `${counted(value, "pod")} failing` };
  },
};
