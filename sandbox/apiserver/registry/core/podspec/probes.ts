import type { ExecAction, GRPCAction, HTTPGetAction, Lifecycle, Probe, SleepAction, TCPSocketAction } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import { isHTTPHeaderName } from "../../../../apimachinery/validation/names.ts";
import { addPortReferenceErrors } from "./container-ports.ts";
import type { PodRules } from "./options.ts";
import type { AnyContainer } from "./visit.ts";

interface Handler {
  readonly exec?: ExecAction;
  readonly httpGet?: HTTPGetAction;
  readonly tcpSocket?: TCPSocketAction;
  readonly grpc?: GRPCAction;
  readonly sleep?: SleepAction;
}

const handlerTypes = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;
const schemes = ["HTTP", "HTTPS"];

/** The probes and hooks of a container that keeps running. */
export const addProbeAndLifecycleErrors = (
  errors: FieldError[],
  { lifecycle, livenessProbe, readinessProbe, startupProbe }: AnyContainer,
  gracePeriod: number | undefined,
  path: string,
  rules: PodRules,
): void => {
  if (lifecycle) addLifecycleErrors(errors, lifecycle, gracePeriod, `${path}.lifecycle`, rules);
  if (livenessProbe) addProbeErrors(errors, livenessProbe, gracePeriod, `${path}.livenessProbe`, rules, true);
  if (readinessProbe) {
    addProbeErrors(errors, readinessProbe, gracePeriod, `${path}.readinessProbe`, rules, false);
    const seconds = readinessProbe.terminationGracePeriodSeconds;
    if (seconds !== undefined)
      errors.push(invalidValue(`${path}.readinessProbe.terminationGracePeriodSeconds`, seconds, "must not be set for readinessProbes"));
  }
  if (startupProbe) addProbeErrors(errors, startupProbe, gracePeriod, `${path}.startupProbe`, rules, true);
};

const addProbeErrors = (
  errors: FieldError[],
  probe: Probe,
  gracePeriod: number | undefined,
  path: string,
  rules: PodRules,
  succeedsOnce: boolean,
): void => {
  const { exec, httpGet, tcpSocket, grpc } = probe;
  addHandlerErrors(errors, { exec, httpGet, tcpSocket, grpc }, gracePeriod, path, rules);
  addNonnegative(errors, `${path}.initialDelaySeconds`, probe.initialDelaySeconds);
  addNonnegative(errors, `${path}.timeoutSeconds`, probe.timeoutSeconds);
  addNonnegative(errors, `${path}.periodSeconds`, probe.periodSeconds);
  addNonnegative(errors, `${path}.successThreshold`, probe.successThreshold);
  addNonnegative(errors, `${path}.failureThreshold`, probe.failureThreshold);
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0)
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, seconds, "must be greater than 0"));
  if (succeedsOnce && probe.successThreshold !== 1)
    errors.push(invalidValue(`${path}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
};

const addLifecycleErrors = (
  errors: FieldError[],
  { postStart, preStop }: Lifecycle,
  gracePeriod: number | undefined,
  path: string,
  rules: PodRules,
): void => {
  if (postStart) addHandlerErrors(errors, { ...postStart }, gracePeriod, `${path}.postStart`, rules);
  if (preStop) addHandlerErrors(errors, { ...preStop }, gracePeriod, `${path}.preStop`, rules);
};

/** validateHandler: exactly one type. */
const addHandlerErrors = (errors: FieldError[], handler: Handler, gracePeriod: number | undefined, path: string, rules: PodRules): void => {
  let found = false;
  for (const type of handlerTypes) {
    if (!handler[type]) continue;
    if (found) errors.push(forbiddenField(`${path}.${type}`, "may not specify more than 1 handler type"));
    else addActionErrors(errors, handler, type, gracePeriod, `${path}.${type}`, rules);
    found = true;
  }
  if (!found) errors.push(required(path, "must specify a handler type"));
};

const addActionErrors = (
  errors: FieldError[],
  { exec, httpGet, tcpSocket, grpc, sleep }: Handler,
  type: keyof Handler,
  gracePeriod: number | undefined,
  path: string,
  rules: PodRules,
): void => {
  switch (type) {
    case "exec":
      if (!exec?.command?.length) errors.push(required(`${path}.command`));
      return;
    case "httpGet":
      if (!httpGet?.path) errors.push(required(`${path}.path`));
      addPortReferenceErrors(errors, httpGet?.port, `${path}.port`);
      if (!schemes.includes(httpGet?.scheme ?? "")) errors.push(notSupported(`${path}.scheme`, httpGet?.scheme ?? "", schemes));
      for (const { name = "" } of httpGet?.httpHeaders ?? []) addInvalid(errors, `${path}.httpHeaders`, name, isHTTPHeaderName(name));
      return;
    case "tcpSocket":
      addPortReferenceErrors(errors, tcpSocket?.port, `${path}.port`);
      return;
    case "grpc":
      addPortReferenceErrors(errors, grpc?.port, `${path}.port`);
      return;
    case "sleep":
      addSleepErrors(errors, sleep?.seconds ?? 0, gracePeriod, path, rules.enabled("PodLifecycleSleepActionAllowZero"));
  }
};

const addSleepErrors = (errors: FieldError[], seconds: number, gracePeriod: number | undefined, path: string, allowZero: boolean): void => {
  if (gracePeriod === undefined || ((allowZero ? seconds >= 0 : seconds > 0) && seconds <= gracePeriod)) return;
  const words = allowZero
    ? `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`
    : `must be greater than 0 and less than terminationGracePeriodSeconds (${gracePeriod}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`;
  errors.push(invalidValue(path, seconds, words));
};
