/** The controller manager's flags that people set, by their meaning; times in milliseconds. */
export interface ControllerOptions {
  /** `--controllers`: `*`, names, and `-name` for those to leave out. */
  readonly controllers: readonly string[];
  readonly concurrentDeploymentSyncs: number;
  readonly concurrentReplicaSetSyncs: number;
  readonly concurrentReplicationControllerSyncs: number;
  readonly concurrentStatefulSetSyncs: number;
  readonly concurrentDaemonSetSyncs: number;
  readonly concurrentJobSyncs: number;
  readonly concurrentCronJobSyncs: number;
  readonly concurrentEndpointSyncs: number;
  readonly concurrentServiceEndpointSyncs: number;
  readonly concurrentNamespaceSyncs: number;
  readonly concurrentGarbageCollectorSyncs: number;
  readonly concurrentServiceAccountSyncs: number;
  readonly concurrentResourceQuotaSyncs: number;
  readonly concurrentTtlAfterFinishedSyncs: number;
  readonly concurrentHorizontalPodAutoscalerSyncs: number;
  readonly endpointUpdatesBatchPeriodMs: number;
  readonly endpointSliceUpdatesBatchPeriodMs: number;
  readonly maxEndpointsPerSlice: number;
  readonly mirroringMaxEndpointsPerSubset: number;
  readonly nodeMonitorPeriodMs: number;
  readonly nodeMonitorGracePeriodMs: number;
  readonly nodeStartupGracePeriodMs: number;
  /** Nodes a second that may be evicted from, and that in a zone that is partly down and small. */
  readonly nodeEvictionRate: number;
  readonly secondaryNodeEvictionRate: number;
  readonly unhealthyZoneThreshold: number;
  readonly largeClusterSizeThreshold: number;
  readonly terminatedPodGcThreshold: number;
  readonly resourceQuotaSyncPeriodMs: number;
  readonly persistentVolumeBinderSyncPeriodMs: number;
  readonly attachDetachReconcileSyncPeriodMs: number;
  readonly horizontalPodAutoscalerSyncPeriodMs: number;
  readonly horizontalPodAutoscalerDownscaleStabilizationMs: number;
  readonly horizontalPodAutoscalerTolerance: number;
  readonly horizontalPodAutoscalerCpuInitializationPeriodMs: number;
  readonly horizontalPodAutoscalerInitialReadinessDelayMs: number;
  readonly clusterSigningDurationMs: number;
  readonly legacyServiceAccountTokenCleanUpPeriodMs: number;
  readonly allocateNodeCidrs: boolean;
  readonly clusterCidr: readonly string[];
  readonly serviceClusterIpRange: readonly string[];
  readonly nodeCidrMaskSizeIpv4: number;
  readonly nodeCidrMaskSizeIpv6: number;
  /** CIDRs that load balancers have their addresses from; empty where no cloud makes any. */
  readonly loadBalancerPool: readonly string[];
  /** The CSI driver of simulated nodes makes volumes. */
  readonly simulatedStorage: boolean;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** What kube-controller-manager does when no flag is given. */
export const defaultControllerOptions: ControllerOptions = {
  controllers: ["*"],
  concurrentDeploymentSyncs: 5,
  concurrentReplicaSetSyncs: 5,
  concurrentReplicationControllerSyncs: 5,
  concurrentStatefulSetSyncs: 5,
  concurrentDaemonSetSyncs: 2,
  concurrentJobSyncs: 5,
  concurrentCronJobSyncs: 5,
  concurrentEndpointSyncs: 5,
  concurrentServiceEndpointSyncs: 5,
  concurrentNamespaceSyncs: 10,
  concurrentGarbageCollectorSyncs: 20,
  concurrentServiceAccountSyncs: 5,
  concurrentResourceQuotaSyncs: 5,
  concurrentTtlAfterFinishedSyncs: 5,
  concurrentHorizontalPodAutoscalerSyncs: 5,
  endpointUpdatesBatchPeriodMs: 0,
  endpointSliceUpdatesBatchPeriodMs: 0,
  maxEndpointsPerSlice: 100,
  mirroringMaxEndpointsPerSubset: 1000,
  nodeMonitorPeriodMs: 5 * second,
  nodeMonitorGracePeriodMs: 50 * second,
  nodeStartupGracePeriodMs: minute,
  nodeEvictionRate: 0.1,
  secondaryNodeEvictionRate: 0.01,
  unhealthyZoneThreshold: 0.55,
  largeClusterSizeThreshold: 50,
  terminatedPodGcThreshold: 12_500,
  resourceQuotaSyncPeriodMs: 5 * minute,
  persistentVolumeBinderSyncPeriodMs: 15 * second,
  attachDetachReconcileSyncPeriodMs: minute,
  horizontalPodAutoscalerSyncPeriodMs: 15 * second,
  horizontalPodAutoscalerDownscaleStabilizationMs: 5 * minute,
  horizontalPodAutoscalerTolerance: 0.1,
  horizontalPodAutoscalerCpuInitializationPeriodMs: 5 * minute,
  horizontalPodAutoscalerInitialReadinessDelayMs: 30 * second,
  clusterSigningDurationMs: 8760 * hour,
  legacyServiceAccountTokenCleanUpPeriodMs: 8760 * hour,
  allocateNodeCidrs: false,
  clusterCidr: [],
  serviceClusterIpRange: ["10.96.0.0/12"],
  nodeCidrMaskSizeIpv4: 24,
  nodeCidrMaskSizeIpv6: 64,
  loadBalancerPool: [],
  simulatedStorage: false,
};
