import type {
  ControllerRevision,
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  PodTemplate,
  ReplicaSet,
  ReplicationController,
  Scale,
  StatefulSet,
} from "../../api/types.ts";
import { controllerOf, type KubeObject } from "../../apimachinery/meta/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import { ageColumn, boolean, integer, nameColumn, string, table, wide, type Column } from "./columns.ts";
import { containerImages, containerNames, labelsText, selectorText, trueOrFalse } from "./formatting.ts";
import { humanDuration, since } from "./human-duration.ts";

interface Templated extends KubeObject {
  readonly spec: {
    readonly template?: { readonly spec?: { readonly containers: readonly { readonly name: string; readonly image?: string }[] } };
  };
}

const containers = <T extends Templated>(): readonly Column<T>[] => [
  wide(string("Containers", "Names of each container in the template.", ({ spec }) => containerNames(spec.template?.spec?.containers))),
  wide(
    string("Images", "Images referenced by each container in the template.", ({ spec }) =>
      containerImages(spec.template?.spec?.containers),
    ),
  ),
];

export const podTemplateTable = table<PodTemplate>([
  nameColumn(),
  string("Containers", "Names of each container in the template.", ({ template }) => containerNames(template?.spec.containers)),
  string("Images", "Images referenced by each container in the template.", ({ template }) => containerImages(template?.spec.containers)),
  string("Pod Labels", "The labels for the pod template.", ({ template }) => labelsText(template?.metadata?.labels)),
]);

export const replicationControllerTable = table<ReplicationController>([
  nameColumn(),
  integer("Desired", "@core.v1.ReplicationControllerSpec.replicas", ({ spec }) => spec.replicas ?? 0),
  integer("Current", "@core.v1.ReplicationControllerStatus.replicas", ({ status }) => status?.replicas ?? 0),
  integer("Ready", "@core.v1.ReplicationControllerStatus.readyReplicas", ({ status }) => status?.readyReplicas ?? 0),
  ageColumn(),
  ...containers<ReplicationController>(),
  wide(string("Selector", "@core.v1.ReplicationControllerSpec.selector", ({ spec }) => labelsText(spec.selector))),
]);

export const replicaSetTable = table<ReplicaSet>([
  nameColumn(),
  integer(
    "Desired",
    "Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller",
    ({ spec }) => spec.replicas ?? 0,
  ),
  integer(
    "Current",
    "Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller",
    ({ status }) => status?.replicas ?? 0,
  ),
  integer("Ready", "The number of ready replicas for this replica set.", ({ status }) => status?.readyReplicas ?? 0),
  ageColumn(),
  ...containers<ReplicaSet>(),
  wide(
    string(
      "Selector",
      "Selector is a label query over pods that should match the replica count. If the selector is empty, it is defaulted to the labels present on the pod template. Label keys and values that must match in order to be controlled by this replica set. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
      ({ spec }) => selectorText(spec.selector),
    ),
  ),
]);

export const deploymentTable = table<Deployment>([
  nameColumn(),
  string("Ready", "Number of the pod with ready state", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
  string(
    "Up-to-date",
    "Total number of non-terminated pods targeted by this deployment that have the desired template spec.",
    ({ status }) => status?.updatedReplicas ?? 0,
  ),
  string(
    "Available",
    "Total number of available pods (ready for at least minReadySeconds) targeted by this deployment.",
    ({ status }) => status?.availableReplicas ?? 0,
  ),
  ageColumn(),
  ...containers<Deployment>(),
  wide(
    string(
      "Selector",
      "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment.",
      ({ spec }) => selectorText(spec.selector),
    ),
  ),
]);

export const statefulSetTable = table<StatefulSet>([
  nameColumn(),
  string("Ready", "Number of the pod with ready state", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
  ageColumn(),
  ...containers<StatefulSet>(),
]);

export const daemonSetTable = table<DaemonSet>([
  nameColumn(),
  integer(
    "Desired",
    "The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
    ({ status }) => status?.desiredNumberScheduled ?? 0,
  ),
  integer(
    "Current",
    "The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
    ({ status }) => status?.currentNumberScheduled ?? 0,
  ),
  integer(
    "Ready",
    "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and ready.",
    ({ status }) => status?.numberReady ?? 0,
  ),
  integer(
    "Up-to-date",
    "The total number of nodes that are running updated daemon pod",
    ({ status }) => status?.updatedNumberScheduled ?? 0,
  ),
  integer(
    "Available",
    "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds)",
    ({ status }) => status?.numberAvailable ?? 0,
  ),
  string(
    "Node Selector",
    "NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/",
    ({ spec }) => labelsText(spec.template.spec?.nodeSelector),
  ),
  ageColumn(),
  ...containers<DaemonSet>(),
  wide(
    string(
      "Selector",
      "A label query over pods that are managed by the daemon set. Must match in order to be controlled. If empty, defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
      ({ spec }) => selectorText(spec.selector),
    ),
  ),
]);

const hasCondition = ({ status }: Job, wanted: string): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === wanted && is === "True") ?? false;

const jobStatus = (job: Job): string => {
  if (hasCondition(job, "Complete")) return "Complete";
  if (hasCondition(job, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find((type) => hasCondition(job, type)) ?? "Running";
};

const completions = ({ spec, status }: Job): string => {
  const done = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${done}/${spec.completions}`;
  return (spec.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism!}` : `${done}/1`;
};

const jobDuration = ({ status }: Job, now: number): string => {
  const start = fromTime(status?.startTime);
  return start === undefined ? "" : humanDuration((fromTime(status?.completionTime) ?? now) - start);
};

export const jobTable = table<Job>([
  nameColumn(),
  string("Status", "Status of the job.", jobStatus),
  string("Completions", "@batch.v1.JobStatus.succeeded", completions),
  string("Duration", "Time required to complete the job.", jobDuration),
  ageColumn(),
  ...containers<Job>(),
  wide(string("Selector", "@batch.v1.JobSpec.selector", ({ spec }) => selectorText(spec.selector))),
]);

export const cronJobTable = table<CronJob>([
  nameColumn(),
  string("Schedule", "@batch.v1.CronJobSpec.schedule", ({ spec }) => spec.schedule),
  string("Timezone", "@batch.v1.CronJobSpec.timeZone", ({ spec }) => spec.timeZone ?? "<none>"),
  boolean("Suspend", "@batch.v1.CronJobSpec.suspend", ({ spec }) => trueOrFalse(spec.suspend)),
  integer("Active", "@batch.v1.CronJobStatus.active", ({ status }) => status?.active?.length ?? 0),
  string("Last Schedule", "@batch.v1.CronJobStatus.lastScheduleTime", ({ status }, now) =>
    status?.lastScheduleTime ? since(status.lastScheduleTime, now) : "<none>",
  ),
  ageColumn(),
  wide(
    string("Containers", "Names of each container in the template.", ({ spec }) =>
      containerNames(spec.jobTemplate.spec?.template.spec?.containers),
    ),
  ),
  wide(
    string("Images", "Images referenced by each container in the template.", ({ spec }) =>
      containerImages(spec.jobTemplate.spec?.template.spec?.containers),
    ),
  ),
  wide(string("Selector", "@batch.v1.JobSpec.selector", ({ spec }) => selectorText(spec.jobTemplate.spec?.selector))),
]);

const controllerName = (revision: ControllerRevision): string => {
  const owner = controllerOf(revision);
  if (!owner) return "<none>";
  const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]!}` : "";
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
};

export const controllerRevisionTable = table<ControllerRevision>([
  nameColumn(),
  string("Controller", "Controller of the object", controllerName),
  string("Revision", "revision indicates the revision of the state represented by Data.", ({ revision }) => revision),
  ageColumn(),
]);

/** The scale subresource, whatever it scales. */
export const scaleTable = table<Scale>([
  string("Name", "@ObjectMeta.name", ({ metadata }) => metadata.name ?? ""),
  integer("Desired", "@autoscaling.v1.ScaleSpec.replicas", ({ spec }) => spec?.replicas ?? 0),
  integer("Available", "@autoscaling.v1.ScaleStatus.replicas", ({ status }) => status?.replicas ?? 0),
  ageColumn(),
]);
