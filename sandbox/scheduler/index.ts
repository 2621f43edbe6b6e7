export { ConfigurationError, parseConfiguration, schedulerOptions } from "./config/configuration.ts";
export type { KubeSchedulerConfiguration } from "./config/types.ts";
export { createScheduler, type Scheduler, type SchedulerDependencies } from "./scheduler.ts";
export type { Attempt } from "./attempts.ts";
export { snapshotOf, type ClusterState } from "./cache/snapshot.ts";
export { explainAttempt } from "./explain/attempt.ts";
export { explain, type Explanation } from "./explain/explanation.ts";
export { whatIf, type Change } from "./explain/what-if.ts";
export { PodInfo } from "./framework/pod-info.ts";
