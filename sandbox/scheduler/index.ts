export { ConfigurationError, parseConfiguration, schedulerOptions } from "./config/configuration.ts";
export type { KubeSchedulerConfiguration } from "./config/types.ts";
export { createScheduler, type Scheduler, type SchedulerDependencies } from "./scheduler.ts";
