import type { ControllerOptions } from "./options.ts";
import type { Controller } from "./framework/controller.ts";
import { deploymentController } from "./deployment/index.ts";
import { certificateApprover, certificateCleaner, certificateSigner } from "./certificates/index.ts";
import { clusterRoleAggregationController } from "./clusterrole-aggregation/index.ts";
import { cronJobController } from "./cronjob/index.ts";
import { daemonSetController } from "./daemonset/index.ts";
import { disruptionController } from "./disruption/index.ts";
import { endpointsController } from "./endpoints/index.ts";
import { endpointSliceController } from "./endpointslice/index.ts";
import { endpointSliceMirroringController } from "./endpointslicemirroring/index.ts";
import { ephemeralVolumeController } from "./ephemeral-volume/index.ts";
import { garbageCollectorController } from "./garbage-collector/index.ts";
import { horizontalPodAutoscalerController } from "./horizontal-pod-autoscaler/index.ts";
import { jobController } from "./job/index.ts";
import { namespaceController } from "./namespace/index.ts";
import { nodeIpamController } from "./node-ipam/index.ts";
import { nodeLifecycleController } from "./node-lifecycle/index.ts";
import { persistentVolumeBinder } from "./persistentvolume-binder/index.ts";
import { persistentVolumeExpander } from "./persistentvolume-expander/index.ts";
import { persistentVolumeProtection } from "./persistentvolume-protection/index.ts";
import { persistentVolumeClaimProtection } from "./persistentvolumeclaim-protection/index.ts";
import { podGarbageCollector } from "./pod-garbage-collector/index.ts";
import { replicaSetController } from "./replicaset/index.ts";
import { replicationController } from "./replication/index.ts";
import { resourceQuotaController } from "./resourcequota/index.ts";
import { rootCaCertificatePublisher } from "./root-ca-certificate-publisher/index.ts";
import { serviceAccountController } from "./serviceaccount/index.ts";
import { serviceAccountTokenController } from "./serviceaccount-token/index.ts";
import { serviceLbController } from "./service-lb/index.ts";
import { simulatedCsiController } from "./simulated-csi/index.ts";
import { statefulSetController } from "./statefulset/index.ts";
import { taintEvictionController } from "./taint-eviction/index.ts";
import { ttlController } from "./ttl/index.ts";
import { ttlAfterFinishedController } from "./ttl-after-finished/index.ts";
import { validatingAdmissionPolicyStatusController } from "./validatingadmissionpolicy-status/index.ts";

/** Keys and certificates that controllers work with; all in PEM. */
export interface ControllerMaterial {
  /** The CA by which pods know the API server. */
  readonly rootCa: string;
  /** Signs tokens that are kept in Secrets; without it nobody fills those. */
  readonly signToken?: (claims: Readonly<Record<string, string>>) => Promise<string>;
  /** The CA that signs certificates of kubelets and clients. */
  readonly signing?: { readonly certificate: string; readonly key: string };
}

/** Every controller, in the order in which the controller manager starts them. */
export const allControllers = (material: ControllerMaterial, options: ControllerOptions): readonly Controller[] => [
  ...(material.signToken ? [serviceAccountTokenController({ rootCa: material.rootCa, signToken: material.signToken })] : []),
  endpointsController(),
  endpointSliceController(),
  endpointSliceMirroringController,
  namespaceController,
  serviceAccountController,
  rootCaCertificatePublisher(material.rootCa),
  deploymentController,
  replicaSetController,
  replicationController,
  statefulSetController,
  daemonSetController(),
  jobController(),
  cronJobController,
  ttlAfterFinishedController,
  ...(options.allocateNodeCidrs && options.clusterCidr.length > 0 ? [nodeIpamController(nodeRangesOf(options))] : []),
  nodeLifecycleController,
  taintEvictionController(),
  ttlController(),
  clusterRoleAggregationController,
  podGarbageCollector,
  resourceQuotaController,
  disruptionController,
  horizontalPodAutoscalerController,
  ephemeralVolumeController,
  ...(options.loadBalancerPool.length > 0 ? [serviceLbController(options.loadBalancerPool)] : []),
  certificateApprover,
  certificateSigner(material.signing),
  certificateCleaner,
  persistentVolumeBinder,
  persistentVolumeExpander,
  ...(options.simulatedStorage ? [simulatedCsiController] : []),
  persistentVolumeClaimProtection,
  persistentVolumeProtection,
  validatingAdmissionPolicyStatusController,
  // Last: it shares the watches of those before it, and opens one for every other kind.
  garbageCollectorController,
];

const nodeRangesOf = ({ clusterCidr, nodeCidrMaskSizeIpv4, nodeCidrMaskSizeIpv6 }: ControllerOptions) => ({
  clusterCidrs: clusterCidr,
  maskSizeIpv4: nodeCidrMaskSizeIpv4,
  maskSizeIpv6: nodeCidrMaskSizeIpv6,
});
