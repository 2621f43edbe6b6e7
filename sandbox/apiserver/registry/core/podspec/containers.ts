import type { Container, ContainerResizePolicy, EphemeralContainer, PodSpec, Volume } from "../../../../api/types.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  missing,
  notSupported,
  required,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label } from "../../../../apimachinery/validation/names.ts";
import { addContainerPortErrors, addHostPortConflicts } from "./container-ports.ts";
import { addEnvErrors, addEnvFromErrors } from "./env.ts";
import type { PodRules } from "./options.ts";
import { addProbeAndLifecycleErrors } from "./probes.ts";
import { addPullPolicyErrors } from "./pull-policy.ts";
import { addContainerResourcesErrors } from "./resources.ts";
import { addSecurityContextErrors } from "./security-context.ts";
import type { AnyContainer } from "./visit.ts";
import { addVolumeUseErrors } from "./volume-mounts.ts";

/** What the rules of containers need to know of their pod. */
export interface ContainerContext {
  readonly spec: PodSpec;
  /** Volumes without errors, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly claims: ReadonlySet<string>;
  /** Whether users inside the pod are the node's own. */
  readonly hostUsers: boolean;
  readonly rules: PodRules;
}

/** validateContainers, validateInitContainers and validateEphemeralContainers. */
export const addContainersErrors = (errors: FieldError[], path: string, context: ContainerContext): void => {
  const { spec } = context;
  addRegularErrors(errors, spec.containers, `${path}.containers`, context);
  if (spec.initContainers) addInitErrors(errors, spec.initContainers, `${path}.initContainers`, context);
  if (spec.ephemeralContainers) addEphemeralErrors(errors, spec.ephemeralContainers, `${path}.ephemeralContainers`, context);
};

const addRegularErrors = (
  errors: FieldError[],
  containers: readonly Container[] | undefined,
  path: string,
  context: ContainerContext,
): void => {
  if (!containers?.length) {
    errors.push(required(path));
    return;
  }
  const names = new Set<string>();
  for (let at = 0; at < containers.length; at++) {
    const container = containers[at]!;
    const field = `${path}[${at}]`;
    addCommonErrors(errors, container, field, context);
    if (names.has(container.name ?? "")) errors.push(duplicate(`${field}.name`, container.name ?? ""));
    names.add(container.name ?? "");
    addProbeAndLifecycleErrors(errors, container, context.spec.terminationGracePeriodSeconds, field, context.rules);
    if (container.restartPolicy !== undefined)
      errors.push(forbiddenField(`${field}.restartPolicy`, "may not be set for non-init containers"));
  }
  addHostPortConflicts(errors, containers, path);
};

const runningFields = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;

const addInitErrors = (errors: FieldError[], containers: readonly Container[], path: string, context: ContainerContext): void => {
  const names = new Set((context.spec.containers ?? []).map(({ name }) => name));
  for (const [at, container] of containers.entries()) {
    const field = `${path}[${at}]`;
    const { name, restartPolicy, resizePolicy } = container;
    addCommonErrors(errors, container, field, context);
    if (restartPolicy !== undefined && restartPolicy !== "Always")
      errors.push(notSupported(`${field}.restartPolicy`, restartPolicy, ["Always"]));
    if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
    else if (name) names.add(name);
    addHostPortConflicts(errors, [container], path);
    if (restartPolicy === "Always")
      addProbeAndLifecycleErrors(errors, container, context.spec.terminationGracePeriodSeconds, field, context.rules);
    else
      for (const running of runningFields)
        if (container[running])
          errors.push(forbiddenField(`${field}.${running}`, "may not be set for init containers without restartPolicy=Always"));
    if (resizePolicy?.length && !context.rules.enabled("InPlacePodVerticalScaling"))
      errors.push(invalidValue(`${field}.resizePolicy`, resizePolicy, "must not be set for init containers"));
  }
};

/** What upstream's struct has and an ephemeral container may not set (allowedEphemeralContainerFields), in its order. */
const fieldsForbiddenToEphemeral = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
];

const addEphemeralErrors = (
  errors: FieldError[],
  containers: readonly EphemeralContainer[],
  path: string,
  context: ContainerContext,
): void => {
  const { spec } = context;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name));
  const names = new Set(others);
  const words = "cannot be set for an Ephemeral Container";
  for (const [at, container] of containers.entries()) {
    const field = `${path}[${at}]`;
    addCommonErrors(errors, container, field, context);
    addImageSpaceErrors(errors, container, field);
    if (names.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) errors.push(missing(`${field}.targetContainerName`, target));
    for (const forbidden of fieldsForbiddenToEphemeral)
      if (isGiven(container, forbidden)) errors.push(forbiddenField(`${field}.${forbidden}`, words));
    container.volumeMounts?.forEach(({ subPath, subPathExpr }, mountAt) => {
      if (subPath) errors.push(forbiddenField(`${field}.volumeMounts[${mountAt}].subPath`, words));
      if (subPathExpr) errors.push(forbiddenField(`${field}.volumeMounts[${mountAt}].subPathExpr`, words));
    });
  }
};

const isGiven = (container: EphemeralContainer, field: string): boolean => {
  const value = (container as unknown as Readonly<Record<string, unknown>>)[field];
  if (value === undefined || value === null) return false;
  return field !== "resources" || Object.keys(value).length > 0;
};

const messagePolicies = ["File", "FallbackToLogsOnError"];

/** validateContainerCommon. */
const addCommonErrors = (
  errors: FieldError[],
  container: AnyContainer,
  path: string,
  { spec, volumes, claims, hostUsers, rules }: ContainerContext,
): void => {
  if (!container.name) errors.push(required(`${path}.name`));
  else addInvalid(errors, `${path}.name`, container.name, isDNS1123Label(container.name));
  if (!container.image) errors.push(required(`${path}.image`));
  const policy = container.terminationMessagePolicy;
  if (!policy) errors.push(required(`${path}.terminationMessagePolicy`));
  else if (!messagePolicies.includes(policy)) errors.push(notSupported(`${path}.terminationMessagePolicy`, policy, messagePolicies));
  if (container.ports) addContainerPortErrors(errors, container.ports, `${path}.ports`);
  if (container.env) addEnvErrors(errors, container.env, `${path}.env`, rules);
  if (container.envFrom) addEnvFromErrors(errors, container.envFrom, `${path}.envFrom`, rules);
  addVolumeUseErrors(errors, container, volumes, path);
  addPullPolicyErrors(errors, container.imagePullPolicy, `${path}.imagePullPolicy`);
  if (container.resources) addContainerResourcesErrors(errors, container.resources, claims, `${path}.resources`, rules);
  if (container.resizePolicy) addResizePolicyErrors(errors, container.resizePolicy, `${path}.resizePolicy`, spec.restartPolicy);
  if (container.securityContext) addSecurityContextErrors(errors, container.securityContext, `${path}.securityContext`, hostUsers);
};

const resizable = ["cpu", "memory"];
const resizeRestarts = ["NotRequired", "RestartContainer"];

/** validateResizePolicy: told at the list, but for repetitions. */
const addResizePolicyErrors = (
  errors: FieldError[],
  policies: readonly ContainerResizePolicy[],
  path: string,
  podRestartPolicy: string | undefined,
): void => {
  const seen = new Set<string>();
  for (const [at, { resourceName = "", restartPolicy = "" }] of policies.entries()) {
    if (seen.has(resourceName)) errors.push(duplicate(`${path}[${at}]`, resourceName));
    seen.add(resourceName);
    if (resourceName === "") errors.push(required(path));
    else if (!resizable.includes(resourceName)) errors.push(notSupported(path, resourceName, resizable));
    if (restartPolicy === "") errors.push(required(path));
    else if (!resizeRestarts.includes(restartPolicy)) errors.push(notSupported(path, restartPolicy, resizeRestarts));
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired")
      errors.push(invalidValue(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  }
};

/** validateContainerOnlyForPod: templates may have blanks around an image's name, pods may not. */
export const addImageSpaceErrors = (errors: FieldError[], { image = "" }: AnyContainer, path: string): void => {
  if (image.trim() !== image) errors.push(invalidValue(`${path}.image`, image, "must not have leading or trailing whitespace"));
};
