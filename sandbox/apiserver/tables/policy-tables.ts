import type {
  APIService,
  CertificateSigningRequest,
  ClusterRoleBinding,
  ComponentStatus,
  CSIDriver,
  CSINode,
  FlowSchema,
  Lease,
  PodDisruptionBudget,
  PriorityClass,
  PriorityLevelConfiguration,
  RoleBinding,
  RuntimeClass,
  StorageClass,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  VolumeAttributesClass,
  ResourceSlice,
  ResourceClaim,
} from "../../api/types.ts";
import { ageColumn, boolean, integer, nameColumn, string, table, wide, type Table } from "./columns.ts";
import { humanDuration } from "./human-duration.ts";

export const podDisruptionBudgetTable = table<PodDisruptionBudget>([
  nameColumn(),
  string("Min Available", "The minimum number of pods that must be available.", ({ spec }) =>
    spec?.minAvailable === undefined ? "N/A" : String(spec.minAvailable),
  ),
  string("Max Unavailable", "The maximum number of pods that may be unavailable.", ({ spec }) =>
    spec?.maxUnavailable === undefined ? "N/A" : String(spec.maxUnavailable),
  ),
  integer(
    "Allowed Disruptions",
    "Calculated number of pods that may be disrupted at this time.",
    ({ status }) => status?.disruptionsAllowed ?? 0,
  ),
  ageColumn(),
]);

type Binding = RoleBinding | ClusterRoleBinding;
const subjects = ({ subjects: all = [] }: Binding, kind: string): string =>
  (all ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace ?? ""}/${name}` : name))
    .join(", ");

const bindingTable = (of: "roleBinding" | "clusterRoleBinding", roleRef: string): Table =>
  table<Binding>([
    nameColumn(),
    string("Role", roleRef, ({ roleRef: { kind, name } }) => `${kind}/${name}`),
    ageColumn(),
    wide(string("Users", `Users in the ${of}`, (binding) => subjects(binding, "User"))),
    wide(string("Groups", `Groups in the ${of}`, (binding) => subjects(binding, "Group"))),
    wide(string("ServiceAccounts", `ServiceAccounts in the ${of}`, (binding) => subjects(binding, "ServiceAccount"))),
  ]);

export const roleBindingTable = bindingTable(
  "roleBinding",
  "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
);
export const clusterRoleBindingTable = bindingTable(
  "clusterRoleBinding",
  "RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
);

export const storageClassTable = table<StorageClass>([
  nameColumn(
    ({ metadata }) =>
      `${metadata.name ?? ""}${metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true" || metadata.annotations?.["storageclass.beta.kubernetes.io/is-default-class"] === "true" ? " (default)" : ""}`,
  ),
  string("Provisioner", "@storage.v1.StorageClass.provisioner", ({ provisioner }) => provisioner),
  string("ReclaimPolicy", "@storage.v1.StorageClass.reclaimPolicy", ({ reclaimPolicy }) => reclaimPolicy ?? "Delete"),
  string("VolumeBindingMode", "@storage.v1.StorageClass.volumeBindingMode", ({ volumeBindingMode }) => volumeBindingMode ?? "<unset>"),
  string(
    "AllowVolumeExpansion",
    "@storage.v1.StorageClass.allowVolumeExpansion",
    ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
  ),
  ageColumn(),
]);

export const csiDriverTable = table<CSIDriver>([
  nameColumn(),
  boolean("AttachRequired", "@storage.v1.CSIDriverSpec.attachRequired", ({ spec }) => spec?.attachRequired ?? true),
  boolean("PodInfoOnMount", "@storage.v1.CSIDriverSpec.podInfoOnMount", ({ spec }) => spec?.podInfoOnMount ?? false),
  boolean("StorageCapacity", "@storage.v1.CSIDriverSpec.storageCapacity", ({ spec }) => spec?.storageCapacity ?? false),
  string(
    "TokenRequests",
    "@storage.v1.CSIDriverSpec.tokenRequests",
    ({ spec }) => (spec?.tokenRequests ?? []).map(({ audience }) => audience).join(",") || "<unset>",
  ),
  boolean("RequiresRepublish", "@storage.v1.CSIDriverSpec.requiresRepublish", ({ spec }) => spec?.requiresRepublish ?? false),
  string("Modes", "@storage.v1.CSIDriverSpec.volumeLifecycleModes", ({ spec }) => (spec?.volumeLifecycleModes ?? []).join(",") || "<none>"),
  ageColumn(),
]);

export const csiNodeTable = table<CSINode>([
  nameColumn(),
  integer("Drivers", "Drivers indicates the number of CSI drivers registered on the node", ({ spec }) => (spec?.drivers ?? []).length),
  ageColumn(),
]);

export const volumeAttributesClassTable = table<VolumeAttributesClass>([
  nameColumn(),
  string("DriverName", "@storage.v1.VolumeAttributesClass.driverName", ({ driverName }) => driverName),
  ageColumn(),
]);

export const priorityClassTable = table<PriorityClass>([
  nameColumn(),
  integer("Value", "@scheduling.v1.PriorityClass.value", ({ value }) => value),
  boolean("Global-Default", "@scheduling.v1.PriorityClass.globalDefault", ({ globalDefault }) => globalDefault ?? false),
  ageColumn(),
  string("PreemptionPolicy", "@scheduling.v1.PriorityClass.preemptionPolicy", ({ preemptionPolicy }) => preemptionPolicy ?? ""),
]);

export const runtimeClassTable = table<RuntimeClass>([nameColumn(), string("Handler", "", ({ handler }) => handler), ageColumn()]);

export const leaseTable = table<Lease>([
  nameColumn(),
  string("Holder", "@coordination.v1.LeaseSpec.holderIdentity", ({ spec }) => spec?.holderIdentity ?? ""),
  ageColumn(),
]);

const requestCondition = ({ status }: CertificateSigningRequest): string => {
  const has = (type: string): boolean => status?.conditions?.some((condition) => condition.type === type) ?? false;
  const words = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${words}${has("Failed") ? ",Failed" : ""}${status?.certificate ? ",Issued" : ""}`;
};

export const certificateSigningRequestTable = table<CertificateSigningRequest>([
  nameColumn(),
  ageColumn(),
  string(
    "SignerName",
    'Requested signer for the request. It is a qualified name in the form: `scope-hostname.io/name`. If empty, it will be defaulted:\n 1. If it\'s a kubelet client certificate, it is assigned\n    "kubernetes.io/kube-apiserver-client-kubelet".\n 2. If it\'s a kubelet serving certificate, it is assigned\n    "kubernetes.io/kubelet-serving".\n 3. Otherwise, it is assigned "kubernetes.io/legacy-unknown".\nDistribution of trust for signers happens out of band. You can select on this field using `spec.signerName`.',
    ({ spec }) => spec.signerName,
  ),
  string("Requestor", "Base64-encoded PKCS#10 CSR data", ({ spec }) => spec.username ?? ""),
  string("RequestedDuration", "@certificates.v1.CertificateSigningRequestSpec.expirationSeconds", ({ spec }) =>
    spec.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds * 1000),
  ),
  string("Condition", "Conditions applied to the request, such as approval or denial.", requestCondition),
]);

export const validatingAdmissionPolicyTable = table<ValidatingAdmissionPolicy>([
  nameColumn(),
  integer(
    "Validations",
    "Validations indicates the number of validation rules defined in this configuration",
    ({ spec }) => (spec?.validations ?? []).length,
  ),
  string("ParamKind", "ParamKind specifies the kind of resources used to parameterize this policy", ({ spec }) =>
    spec?.paramKind ? `${spec.paramKind.apiVersion ?? ""}/${spec.paramKind.kind ?? ""}` : "<unset>",
  ),
  ageColumn(),
]);

const paramText = ({ spec }: ValidatingAdmissionPolicyBinding): string => {
  const reference = spec?.paramRef;
  if (!reference) return "<unset>";
  return reference.namespace ? `${reference.namespace}/${reference.name ?? ""}` : (reference.name ?? "");
};

export const validatingAdmissionPolicyBindingTable = table<ValidatingAdmissionPolicyBinding>([
  nameColumn(),
  string(
    "PolicyName",
    "PolicyName indicates the policy definition which the policy binding binded to",
    ({ spec }) => spec?.policyName ?? "",
  ),
  string("ParamRef", "ParamRef indicates the param resource which sets the configration param", paramText),
  ageColumn(),
]);

const danglingText = ({ status }: FlowSchema): string => status?.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?";

export const flowSchemaTable = table<FlowSchema>([
  nameColumn(),
  string(
    "PriorityLevel",
    "@flowcontrol.v1.PriorityLevelConfigurationReference.name",
    ({ spec }) => spec?.priorityLevelConfiguration.name ?? "<none>",
  ),
  string("MatchingPrecedence", "@flowcontrol.v1.FlowSchemaSpec.matchingPrecedence", ({ spec }) => spec?.matchingPrecedence ?? 0),
  string(
    "DistinguisherMethod",
    "@flowcontrol.v1.FlowSchemaSpec.distinguisherMethod",
    ({ spec }) => spec?.distinguisherMethod?.type ?? "<none>",
  ),
  ageColumn(),
  string("MissingPL", "references a broken or non-existent PriorityLevelConfiguration", danglingText),
]);

const queuing = ({ spec }: PriorityLevelConfiguration) => spec?.limited?.limitResponse?.queuing;

export const priorityLevelConfigurationTable = table<PriorityLevelConfiguration>([
  nameColumn(),
  string("Type", "@flowcontrol.v1.PriorityLevelConfigurationSpec.type", ({ spec }) => spec?.type ?? ""),
  string(
    "NominalConcurrencyShares",
    "@flowcontrol.v1.LimitedPriorityLevelConfiguration.nominalConcurrencyShares",
    ({ spec }) => spec?.limited?.nominalConcurrencyShares ?? "<none>",
  ),
  string("Queues", "@flowcontrol.v1.QueuingConfiguration.queues", (level) => queuing(level)?.queues ?? "<none>"),
  string("HandSize", "@flowcontrol.v1.QueuingConfiguration.handSize", (level) => queuing(level)?.handSize ?? "<none>"),
  string(
    "QueueLengthLimit",
    "@flowcontrol.v1.QueuingConfiguration.queueLengthLimit",
    (level) => queuing(level)?.queueLengthLimit ?? "<none>",
  ),
  ageColumn(),
]);

const availableText = ({ status }: APIService): string => {
  const condition = status?.conditions?.find(({ type }) => type === "Available");
  if (!condition) return "Unknown";
  return condition.status === "True" ? "True" : `${condition.status} (${condition.reason ?? ""})`;
};

export const apiServiceTable = table<APIService>([
  nameColumn(),
  string("Service", "The reference to the service that hosts this API endpoint.", ({ spec }) =>
    spec?.service ? `${spec.service.namespace ?? ""}/${spec.service.name ?? ""}` : "Local",
  ),
  string("Available", "Whether this service is available.", availableText),
  ageColumn(),
]);

const healthy = ({ conditions = [] }: ComponentStatus) => conditions.find(({ type }) => type === "Healthy");

export const componentStatusTable = table<ComponentStatus>([
  nameColumn(),
  string("Status", "Status of the component conditions", (status) => (healthy(status)?.status === "True" ? "Healthy" : "Unhealthy")),
  string("Message", "Message of the component conditions", (status) => healthy(status)?.message ?? ""),
  string("Error", "Error of the component conditions", (status) => healthy(status)?.error ?? ""),
]);

const claimState = ({ metadata, status }: ResourceClaim): string => {
  const states = [
    metadata.deletionTimestamp && "deleted",
    status?.allocation ? "allocated" : !metadata.deletionTimestamp && "pending",
    (status?.reservedFor?.length ?? 0) > 0 && "reserved",
  ];
  return states.filter(Boolean).join(",");
};

export const resourceClaimTable = table<ResourceClaim>([
  nameColumn(),
  string("State", "A summary of the current state (allocated, pending, reserved, etc.).", claimState),
  ageColumn(),
]);

export const resourceSliceTable = table<ResourceSlice>([
  nameColumn(),
  string("Node", "@resource.v1.ResourceSliceSpec.nodeName", ({ spec }) => spec.nodeName ?? ""),
  string("Driver", "@resource.v1.ResourceSliceSpec.driver", ({ spec }) => spec.driver),
  string("Pool", "@resource.v1.ResourcePool.name", ({ spec }) => spec.pool.name),
  ageColumn(),
]);
