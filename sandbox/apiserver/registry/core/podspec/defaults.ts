import type {
  Container,
  ContainerPort,
  EnvVar,
  EphemeralContainer,
  HTTPGetAction,
  Lifecycle,
  PodSpec,
  PodTemplateSpec,
  Probe,
} from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import type { StrategyContext } from "../../strategy.ts";
import { defaultPullPolicy } from "./pull-policy.ts";
import { roundAmounts } from "./round-amounts.ts";
import { setVolumeDefaults } from "./volume-defaults.ts";

type Gates = Pick<StrategyContext, "enabled">;

/** SetDefaults_PodSpec, and those of everything inside. */
export const setPodSpecDefaults = (spec: Draft<PodSpec>, { enabled }: Gates): void => {
  // What looks at a pod before it is validated need not mind that Go says null.
  spec.containers ??= [];
  spec.dnsPolicy ||= "ClusterFirst";
  spec.restartPolicy ||= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ||= "default-scheduler";
  syncServiceAccount(spec);
  if (spec.volumes) for (const volume of spec.volumes) setVolumeDefaults(volume, enabled("ImageVolume"));
  for (const container of spec.containers) setContainerDefaults(container);
  if (spec.initContainers) for (const container of spec.initContainers) setContainerDefaults(container);
  if (spec.ephemeralContainers) for (const container of spec.ephemeralContainers) setContainerDefaults(container);
  roundAmounts(spec.overhead);
  roundAmounts(spec.resources?.limits);
  roundAmounts(spec.resources?.requests);
};

/** A pod's account has an old name and a new one, which wins; both are shown. */
export const syncServiceAccount = (spec: Draft<PodSpec>): void => {
  spec.serviceAccountName ||= spec.serviceAccount;
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
  else {
    delete spec.serviceAccountName;
    delete spec.serviceAccount;
  }
};

/** A template's pod spec; one without a spec gets an empty one, as Go's struct is. */
export const setTemplateDefaults = (template: Draft<PodTemplateSpec>, gates: Gates): void => {
  template.spec ??= { containers: [] };
  setPodSpecDefaults(template.spec, gates);
};

/** SetDefaults_Container, and those of ports, variables, probes and hooks. */
const setContainerDefaults = (container: Draft<Container> | Draft<EphemeralContainer>): void => {
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? "");
  container.terminationMessagePath ||= "/dev/termination-log";
  container.terminationMessagePolicy ||= "File";
  container.resources ??= {};
  roundAmounts(container.resources.limits);
  roundAmounts(container.resources.requests);
  if (container.ports) for (const port of container.ports) setPortDefaults(port);
  if (container.env) for (const variable of container.env) setVariableDefaults(variable);
  setProbeDefaults(container.livenessProbe);
  setProbeDefaults(container.readinessProbe);
  setProbeDefaults(container.startupProbe);
  setLifecycleDefaults(container.lifecycle);
};

const setPortDefaults = (port: Draft<ContainerPort>): void => {
  port.protocol ||= "TCP";
};

const setVariableDefaults = ({ valueFrom }: Draft<EnvVar>): void => {
  if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= "v1";
  if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= "0";
};

const setProbeDefaults = (probe: Draft<Probe> | undefined): void => {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  setHTTPGetDefaults(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= "";
};

const setLifecycleDefaults = (lifecycle: Draft<Lifecycle> | undefined): void => {
  setHTTPGetDefaults(lifecycle?.postStart?.httpGet);
  setHTTPGetDefaults(lifecycle?.preStop?.httpGet);
};

const setHTTPGetDefaults = (action: Draft<HTTPGetAction> | undefined): void => {
  if (!action) return;
  action.path ||= "/";
  action.scheme ||= "HTTP";
};
