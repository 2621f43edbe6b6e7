import { customResourceDefinitionStrategy } from "../apiextensions/index.ts";
import { controllerRevisionStrategy } from "./apps/controllerrevisions/strategy.ts";
import { daemonSetStrategy } from "./apps/daemonsets/strategy.ts";
import { deploymentStrategy } from "./apps/deployments/strategy.ts";
import { replicaSetStrategy } from "./apps/replicasets/strategy.ts";
import { statefulSetStrategy } from "./apps/statefulsets/strategy.ts";
import { horizontalPodAutoscalerStrategy } from "./autoscaling/horizontalpodautoscalers/strategy.ts";
import { cronJobStrategy } from "./batch/cronjobs/strategy.ts";
import { jobStrategy } from "./batch/jobs/strategy.ts";
import { configMapStrategy } from "./core/configmaps/strategy.ts";
import { endpointsStrategy } from "./core/endpoints/strategy.ts";
import { eventStrategy } from "./core/events/strategy.ts";
import { limitRangeStrategy } from "./core/limitranges/strategy.ts";
import { namespaceStrategy } from "./core/namespaces/strategy.ts";
import { nodeStrategy } from "./core/nodes/strategy.ts";
import { persistentVolumeClaimStrategy } from "./core/persistentvolumeclaims/strategy.ts";
import { persistentVolumeStrategy } from "./core/persistentvolumes/strategy.ts";
import { podStrategy } from "./core/pods/strategy.ts";
import { podTemplateStrategy } from "./core/podtemplates/strategy.ts";
import { replicationControllerStrategy } from "./core/replicationcontrollers/strategy.ts";
import { resourceQuotaStrategy } from "./core/resourcequotas/strategy.ts";
import { secretStrategy } from "./core/secrets/strategy.ts";
import { serviceAccountStrategy } from "./core/serviceaccounts/strategy.ts";
import { serviceStrategy } from "./core/services/strategy.ts";
import { otherGroups } from "./other-groups.ts";
import { podDisruptionBudgetStrategy } from "./policy/poddisruptionbudgets/strategy.ts";
import type { Strategy } from "./strategy.ts";

/** Every built-in kind's strategy. Kinds that are not here get the generic behaviour. */
export const strategies = [
  configMapStrategy,
  endpointsStrategy,
  eventStrategy,
  limitRangeStrategy,
  namespaceStrategy,
  nodeStrategy,
  persistentVolumeClaimStrategy,
  persistentVolumeStrategy,
  podStrategy,
  podTemplateStrategy,
  replicationControllerStrategy,
  resourceQuotaStrategy,
  secretStrategy,
  serviceAccountStrategy,
  serviceStrategy,
  controllerRevisionStrategy,
  daemonSetStrategy,
  deploymentStrategy,
  replicaSetStrategy,
  statefulSetStrategy,
  cronJobStrategy,
  jobStrategy,
  horizontalPodAutoscalerStrategy,
  podDisruptionBudgetStrategy,
  customResourceDefinitionStrategy,
  ...otherGroups,
  // The registry hands each strategy objects of its own kind only; the list forgets which.
] as unknown as readonly Strategy[];
