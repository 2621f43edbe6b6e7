import { mutatingWebhookConfigurationStrategy, validatingWebhookConfigurationStrategy } from "./admissionregistration/webhooks.ts";
import { validatingAdmissionPolicyBindingStrategy, validatingAdmissionPolicyStrategy } from "./admissionregistration/policies.ts";
import { apiServiceStrategy } from "./apiregistration/apiservices.ts";
import { certificateSigningRequestStrategy } from "./certificates/certificatesigningrequests.ts";
import { leaseStrategy } from "./coordination/leases.ts";
import { endpointSliceStrategy } from "./discovery/endpointslices.ts";
import { flowSchemaStrategy } from "./flowcontrol/flowschemas.ts";
import { priorityLevelConfigurationStrategy } from "./flowcontrol/prioritylevels.ts";
import { ipAddressStrategy, serviceCIDRStrategy } from "./networking/addresses/strategies.ts";
import { ingressClassStrategy } from "./networking/ingressclasses/strategy.ts";
import { ingressStrategy } from "./networking/ingresses/strategy.ts";
import { networkPolicyStrategy } from "./networking/networkpolicies/strategy.ts";
import { runtimeClassStrategy } from "./node/runtimeclasses.ts";
import { clusterRoleBindingStrategy, clusterRoleStrategy, roleBindingStrategy, roleStrategy } from "./rbac/strategies.ts";
import { priorityClassStrategy } from "./scheduling/priorityclasses.ts";
import { csiDriverStrategy, csiNodeStrategy, csiStorageCapacityStrategy } from "./storage/csi/strategies.ts";
import { storageClassStrategy } from "./storage/storageclasses/strategy.ts";
import { volumeAttachmentStrategy, volumeAttributesClassStrategy } from "./storage/volumeattachments/strategies.ts";

/** The strategies of the groups around the workloads: policy and access, network, storage, extension. */
export const otherGroups = [
  apiServiceStrategy,
  certificateSigningRequestStrategy,
  clusterRoleBindingStrategy,
  clusterRoleStrategy,
  csiDriverStrategy,
  csiNodeStrategy,
  csiStorageCapacityStrategy,
  endpointSliceStrategy,
  flowSchemaStrategy,
  ingressClassStrategy,
  ingressStrategy,
  ipAddressStrategy,
  leaseStrategy,
  mutatingWebhookConfigurationStrategy,
  networkPolicyStrategy,
  priorityClassStrategy,
  priorityLevelConfigurationStrategy,
  roleBindingStrategy,
  roleStrategy,
  runtimeClassStrategy,
  serviceCIDRStrategy,
  storageClassStrategy,
  validatingAdmissionPolicyBindingStrategy,
  validatingAdmissionPolicyStrategy,
  validatingWebhookConfigurationStrategy,
  volumeAttachmentStrategy,
  volumeAttributesClassStrategy,
];
