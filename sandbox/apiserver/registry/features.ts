/**
 * Feature gates that strategies ask for by name: their defaults in the oldest and the newest release that is served.
 * A gate that upstream has removed stays as it was at the end. One is ours: AppArmorFieldsToAnnotations stands for what old releases do unconditionally.
 */
const gates: Readonly<Record<string, readonly [in132: boolean, in136: boolean]>> = {
  AllowServiceLBStatusOnNonLB: [false, false],
  AnyVolumeDataSource: [true, true],
  AppArmorFieldsToAnnotations: [true, false],
  ClusterTrustBundleProjection: [false, false],
  ContainerRestartRules: [false, true],
  ContainerStopSignals: [false, true],
  CrossNamespaceVolumeDataSource: [false, false],
  DeploymentReplicaSetTerminatingReplicas: [false, true],
  DisableNodeKubeProxyVersion: [true, true],
  DynamicResourceAllocation: [false, true],
  ElasticIndexedJob: [true, true],
  EnvFiles: [false, true],
  HPAConfigurableTolerance: [false, true],
  HPAScaleToZero: [false, true],
  HostnameOverride: [false, true],
  ImageVolume: [false, true],
  InPlacePodLevelResourcesVerticalScaling: [false, true],
  InPlacePodVerticalScaling: [false, true],
  JobBackoffLimitPerIndex: [true, true],
  JobManagedBy: [true, true],
  JobPodReplacementPolicy: [true, true],
  JobSuccessPolicy: [true, true],
  LoadBalancerIPMode: [true, true],
  MatchLabelKeysInPodAffinity: [true, true],
  MatchLabelKeysInPodTopologySpread: [true, true],
  MatchLabelKeysInPodTopologySpreadSelectorMerge: [false, true],
  MaxUnavailableStatefulSet: [false, true],
  NodeInclusionPolicyInPodTopologySpread: [true, true],
  PodCertificateRequest: [false, false],
  PodDeletionCost: [true, true],
  PodLevelResources: [false, true],
  PodLifecycleSleepAction: [true, true],
  PodLifecycleSleepActionAllowZero: [false, true],
  PodLogsQuerySplitStreams: [false, false],
  PodObservedGenerationTracking: [false, true],
  PodTopologyLabelsAdmission: [false, true],
  PreferSameTrafficDistribution: [false, true],
  ProcMountType: [false, true],
  RecoverVolumeExpansionFailure: [true, true],
  RecursiveReadOnlyMounts: [true, true],
  RelaxedDNSSearchValidation: [false, true],
  RelaxedEnvironmentVariableValidation: [true, true],
  RelaxedServiceNameValidation: [false, true],
  ResourceHealthStatus: [false, true],
  SELinuxChangePolicy: [false, true],
  ServiceTrafficDistribution: [true, true],
  SidecarContainers: [true, true],
  StatefulSetAutoDeletePVC: [true, true],
  SupplementalGroupsPolicy: [false, true],
  UserNamespacesSupport: [false, true],
  VolumeAttributesClass: [false, true],
};

const enabledSince = (column: 0 | 1): ReadonlySet<string> =>
  new Set(Object.entries(gates).flatMap(([gate, defaults]) => (defaults[column] ? [gate] : [])));

const in132 = enabledSince(0);
const in136 = enabledSince(1);

/**
 * Answers whether a feature is on by default in the release with that minor version: releases before 1.36 behave as 1.32 does.
 * An unknown gate is off.
 */
export const featuresOf = (minor: number): ((feature: string) => boolean) => {
  const enabled = minor >= 36 ? in136 : in132;
  return (feature) => enabled.has(feature);
};
