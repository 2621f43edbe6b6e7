import type {
  ConfigMap,
  Event,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  ResourceQuota,
  Secret,
  ServiceAccount,
} from "../../api/types.ts";
import { ageColumn, nameColumn, string, integer, table, wide } from "./columns.ts";
import { accessModesText } from "./formatting.ts";
import { since } from "./human-duration.ts";

const count = (map: object | undefined): number => Object.keys(map ?? {}).length;

export const configMapTable = table<ConfigMap>([
  nameColumn(),
  string("Data", "@core.v1.ConfigMap.data", ({ data, binaryData }) => count(data) + count(binaryData)),
  ageColumn(),
]);

export const secretTable = table<Secret>([
  nameColumn(),
  string("Type", "@core.v1.Secret.type", ({ type }) => type ?? ""),
  string("Data", "@core.v1.Secret.data", ({ data }) => count(data)),
  ageColumn(),
]);

export const serviceAccountTable = table<ServiceAccount>([
  nameColumn(),
  string("Secrets", "@core.v1.ServiceAccount.secrets", ({ secrets = [] }) => secrets.length),
  ageColumn(),
]);

export const namespaceTable = table<Namespace>([
  nameColumn(),
  string("Status", "The status of the namespace", ({ status }) => status?.phase ?? ""),
  ageColumn(),
]);

const quotaText = (quota: ResourceQuota, limits: boolean): string =>
  Object.keys(quota.status?.hard ?? {})
    .sort()
    .filter((name) => name.startsWith("limits") === limits)
    .map((name) => `${name}: ${quota.status?.used?.[name] ?? "0"}/${quota.status!.hard![name]!}`)
    .join(", ");

export const resourceQuotaTable = table<ResourceQuota>([
  nameColumn(),
  ageColumn(),
  string("Request", "Request represents a minimum amount of cpu/memory that a container may consume.", (quota) => quotaText(quota, false)),
  string(
    "Limit",
    "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
    (quota) => quotaText(quota, true),
  ),
]);

const nodeStatus = ({ spec, status }: Node): string => {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const word = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
  return spec.unschedulable ? `${word},SchedulingDisabled` : word;
};

const nodeRoles = ({ metadata }: Node): string => {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith("node-role.kubernetes.io/")) return key.slice("node-role.kubernetes.io/".length) || [];
    return key === "kubernetes.io/role" && value !== "" ? value : [];
  });
  return [...new Set(roles)].sort().join(",") || "<none>";
};

const nodeAddress = ({ status }: Node, type: string): string =>
  status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";

export const nodeTable = table<Node>([
  nameColumn(),
  string("Status", "The status of the node", nodeStatus),
  string("Roles", "The roles of the node", nodeRoles),
  ageColumn(),
  string("Version", "@core.v1.NodeSystemInfo.kubeletVersion", ({ status }) => status?.nodeInfo?.kubeletVersion ?? ""),
  wide(string("Internal-IP", "@core.v1.NodeStatus.addresses", (node) => nodeAddress(node, "InternalIP"))),
  wide(string("External-IP", "@core.v1.NodeStatus.addresses", (node) => nodeAddress(node, "ExternalIP"))),
  wide(string("OS-Image", "@core.v1.NodeSystemInfo.osImage", ({ status }) => status?.nodeInfo?.osImage || "<unknown>")),
  wide(string("Kernel-Version", "@core.v1.NodeSystemInfo.kernelVersion", ({ status }) => status?.nodeInfo?.kernelVersion || "<unknown>")),
  wide(
    string(
      "Container-Runtime",
      "@core.v1.NodeSystemInfo.containerRuntimeVersion",
      ({ status }) => status?.nodeInfo?.containerRuntimeVersion || "<unknown>",
    ),
  ),
]);

const classAnnotation = "volume.beta.kubernetes.io/storage-class";
const phaseOf = ({ metadata, status }: PersistentVolume | PersistentVolumeClaim): string =>
  metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? "");

export const persistentVolumeTable = table<PersistentVolume>([
  nameColumn(),
  string("Capacity", "@core.v1.PersistentVolumeSpec.capacity", ({ spec }) => spec.capacity?.["storage"] ?? "0"),
  string("Access Modes", "@core.v1.PersistentVolumeSpec.accessModes", ({ spec }) => accessModesText(spec.accessModes)),
  string(
    "Reclaim Policy",
    "@core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy",
    ({ spec }) => spec.persistentVolumeReclaimPolicy ?? "",
  ),
  string("Status", "@core.v1.PersistentVolumeStatus.phase", phaseOf),
  string("Claim", "@core.v1.PersistentVolumeSpec.claimRef", ({ spec }) =>
    spec.claimRef ? `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}` : "",
  ),
  string(
    "StorageClass",
    "StorageClass of the pv",
    ({ metadata, spec }) => metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? "",
  ),
  string("VolumeAttributesClass", "VolumeAttributesClass of the pv", ({ spec }) => spec.volumeAttributesClassName ?? "<unset>"),
  string("Reason", "@core.v1.PersistentVolumeStatus.reason", ({ status }) => status?.reason ?? ""),
  ageColumn(),
  wide(string("VolumeMode", "@core.v1.PersistentVolumeSpec.volumeMode", ({ spec }) => spec.volumeMode ?? "<unset>")),
]);

export const persistentVolumeClaimTable = table<PersistentVolumeClaim>([
  nameColumn(),
  string("Status", "@core.v1.PersistentVolumeClaimStatus.phase", phaseOf),
  string("Volume", "@core.v1.PersistentVolumeClaimSpec.volumeName", ({ spec }) => spec.volumeName ?? ""),
  string("Capacity", "@core.v1.PersistentVolumeClaimStatus.capacity", ({ spec, status }) =>
    spec.volumeName ? (status?.capacity?.["storage"] ?? "0") : "",
  ),
  string("Access Modes", "@core.v1.PersistentVolumeClaimStatus.accessModes", ({ spec, status }) =>
    spec.volumeName ? accessModesText(status?.accessModes) : "",
  ),
  string(
    "StorageClass",
    "StorageClass of the pvc",
    ({ metadata, spec }) => metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? "",
  ),
  string("VolumeAttributesClass", "VolumeAttributesClass of the pvc", ({ spec }) => spec.volumeAttributesClassName ?? "<unset>"),
  ageColumn(),
  wide(string("VolumeMode", "@core.v1.PersistentVolumeClaimSpec.volumeMode", ({ spec }) => spec.volumeMode ?? "<unset>")),
]);

const firstSeen = ({ firstTimestamp, eventTime }: Event, now: number): string => since(firstTimestamp ?? eventTime, now);
const lastSeen = (event: Event, now: number): string =>
  event.series ? since(event.series.lastObservedTime, now) : event.lastTimestamp ? since(event.lastTimestamp, now) : firstSeen(event, now);
const eventCount = ({ series, count: times }: Event): number => (series ? (series.count ?? 0) : times || 1);
const objectText = ({ involvedObject: { kind = "", name = "" } }: Event): string =>
  name === "" ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
const sourceText = ({ source, reportingComponent, reportingInstance }: Event): string =>
  [source?.component || reportingComponent || "", source?.host || reportingInstance || ""]
    .filter((part, index) => index === 0 || part !== "")
    .join(", ");

export const eventTable = table<Event>([
  string("Last Seen", "@core.v1.Event.lastTimestamp", lastSeen),
  string("Type", "@core.v1.Event.type", ({ type }) => type ?? ""),
  string("Reason", "@core.v1.Event.reason", ({ reason }) => reason ?? ""),
  string("Object", "@core.v1.Event.involvedObject", objectText),
  wide(string("Subobject", "@core.v1.ObjectReference.fieldPath", ({ involvedObject }) => involvedObject.fieldPath ?? "")),
  wide(string("Source", "@core.v1.Event.source", sourceText)),
  string("Message", "@core.v1.Event.message", ({ message }) => (message ?? "").trim()),
  wide(string("First Seen", "@core.v1.Event.firstTimestamp", firstSeen)),
  wide(string("Count", "@core.v1.Event.count", eventCount)),
  wide(nameColumn()),
]);

/** A kind of which nothing but name and age is shown. */
export const nameAndAgeTable = table([nameColumn(), ageColumn()]);

/** A kind that holds a list which is counted. */
export const countTable = (column: string, description: string, cell: (object: Readonly<Record<string, unknown>>) => number) =>
  table([
    nameColumn(),
    integer(column, description, (object) => cell(object as unknown as Readonly<Record<string, unknown>>)),
    ageColumn(),
  ]);
