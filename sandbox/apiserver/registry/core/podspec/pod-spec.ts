import type { PodResourceClaim, PodSpec } from "../../../../api/types.ts";
import { validateLabels } from "../../../../apimachinery/labels/label-selector.ts";
import type { ObjectMeta } from "../../../../apimachinery/meta/types.ts";
import { duplicate, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, isQualifiedName, nameIsDNSSubdomain, rangeSentence } from "../../../../apimachinery/validation/names.ts";
import { addAffinityErrors } from "./affinity.ts";
import { addHostNetworkErrors } from "./container-ports.ts";
import { addContainersErrors } from "./containers.ts";
import { addDNSConfigErrors, addDNSPolicyErrors, addHostAliasErrors } from "./dns.ts";
import type { PodRules } from "./options.ts";
import { addOSErrors } from "./os.ts";
import { addPodLevelErrors } from "./pod-level-resources.ts";
import { addContainerResourcesErrors } from "./resources.ts";
import { addHostUsersErrors, addPodSecurityContextErrors } from "./security-context.ts";
import { addTolerationErrors } from "./tolerations.ts";
import { addTopologySpreadErrors } from "./topology-spread.ts";
import { addVolumeErrors } from "./volumes.ts";
import { addHostProcessErrors } from "./windows.ts";

const restartPolicies = ["Always", "OnFailure", "Never"];
const preemptionPolicies = ["PreemptLowerPriority", "Never"];
const noClaims: ReadonlySet<string> = new Set();
const mostSeconds = 2 ** 31 - 1;

/** ValidatePodSpec, in upstream's order. `metadata` is the pod's; a template has none. */
export const addPodSpecErrors = (
  errors: FieldError[],
  spec: PodSpec,
  metadata: ObjectMeta | undefined,
  path: string,
  rules: PodRules,
): void => {
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required(`${path}.terminationGracePeriodSeconds`));
  const volumes = addVolumeErrors(errors, spec.volumes, metadata, `${path}.volumes`, rules);
  const claims = spec.resourceClaims ? new Set(spec.resourceClaims.map(({ name }) => name).filter((name) => name !== "")) : noClaims;
  if (spec.resourceClaims) addClaimErrors(errors, spec.resourceClaims, `${path}.resourceClaims`);
  addContainersErrors(errors, path, { spec, volumes, claims, hostUsers: spec.hostUsers ?? true, rules });
  if (spec.resources && rules.enabled("PodLevelResources")) addPodLevelErrors(errors, spec, claims, `${path}.resources`, rules);
  addHostNetworkErrors(errors, spec, path, rules.isPod);
  if (!spec.restartPolicy) errors.push(required(`${path}.restartPolicy`));
  else if (!restartPolicies.includes(spec.restartPolicy))
    errors.push(notSupported(`${path}.restartPolicy`, spec.restartPolicy, restartPolicies));
  addDNSPolicyErrors(errors, spec.dnsPolicy, `${path}.dnsPolicy`);
  if (spec.nodeSelector) errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`));
  addPodSecurityContextErrors(errors, spec, `${path}.securityContext`, rules);
  if (spec.affinity) addAffinityErrors(errors, spec.affinity, `${path}.affinity`, rules);
  addDNSConfigErrors(errors, spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`, rules.allowRelaxedDNSSearch);
  addGateErrors(errors, spec, path);
  if (spec.topologySpreadConstraints)
    addTopologySpreadErrors(errors, spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, rules);
  addHostProcessErrors(errors, spec, path);
  addHostUsersErrors(errors, spec, path);
  addNameErrors(errors, spec, path);
  if (spec.preemptionPolicy !== undefined && !preemptionPolicies.includes(spec.preemptionPolicy))
    errors.push(
      spec.preemptionPolicy === ""
        ? required(`${path}.preemptionPolicy`)
        : notSupported(`${path}.preemptionPolicy`, spec.preemptionPolicy, preemptionPolicies),
    );
  if (spec.overhead) addContainerResourcesErrors(errors, { limits: spec.overhead }, undefined, `${path}.overhead`, rules);
  addOSErrors(errors, spec, path);
};

const addGateErrors = (errors: FieldError[], { readinessGates, schedulingGates }: PodSpec, path: string): void => {
  readinessGates?.forEach(({ conditionType = "" }, at) => {
    addInvalid(errors, `${path}.readinessGates[${at}].conditionType`, conditionType, isQualifiedName(conditionType));
  });
  const seen = new Set<string>();
  schedulingGates?.forEach(({ name = "" }, at) => {
    addInvalid(errors, `${path}.schedulingGates[${at}]`, name, isQualifiedName(name));
    if (seen.has(name)) errors.push(duplicate(`${path}.schedulingGates[${at}]`, name));
    seen.add(name);
  });
};

/** Names of other things, and what stands between them upstream. */
const addNameErrors = (errors: FieldError[], spec: PodSpec, path: string): void => {
  const { serviceAccountName, nodeName, activeDeadlineSeconds: deadline, hostname, subdomain, priorityClassName, runtimeClassName } = spec;
  if (serviceAccountName)
    addInvalid(errors, `${path}.serviceAccountName`, serviceAccountName, nameIsDNSSubdomain(serviceAccountName, false));
  if (nodeName) addInvalid(errors, `${path}.nodeName`, nodeName, nameIsDNSSubdomain(nodeName, false));
  if (deadline !== undefined && (deadline < 1 || deadline > mostSeconds))
    errors.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, rangeSentence(1, mostSeconds)));
  if (hostname) addInvalid(errors, `${path}.hostname`, hostname, isDNS1123Label(hostname));
  if (subdomain) addInvalid(errors, `${path}.subdomain`, subdomain, isDNS1123Label(subdomain));
  if (spec.tolerations) addTolerationErrors(errors, spec.tolerations, `${path}.tolerations`);
  if (spec.hostAliases) addHostAliasErrors(errors, spec.hostAliases, `${path}.hostAliases`);
  if (priorityClassName) addInvalid(errors, `${path}.priorityClassName`, priorityClassName, nameIsDNSSubdomain(priorityClassName, false));
  if (runtimeClassName !== undefined)
    addInvalid(errors, `${path}.runtimeClassName`, runtimeClassName, nameIsDNSSubdomain(runtimeClassName, false));
};

/** validatePodResourceClaims. */
const addClaimErrors = (errors: FieldError[], claims: readonly PodResourceClaim[], path: string): void => {
  const names = new Set<string>();
  for (const [at, claim] of claims.entries()) {
    const field = `${path}[${at}]`;
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    if (!name) errors.push(required(`${field}.name`));
    else if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
    else addInvalid(errors, `${field}.name`, name, isDNS1123Label(name));
    if (name) names.add(name);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      errors.push(invalidValue(field, claim, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"));
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      errors.push(invalidValue(field, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
    if (resourceClaimName !== undefined)
      addInvalid(errors, `${field}.resourceClaimName`, resourceClaimName, nameIsDNSSubdomain(resourceClaimName, false));
    if (resourceClaimTemplateName !== undefined)
      addInvalid(
        errors,
        `${field}.resourceClaimTemplateName`,
        resourceClaimTemplateName,
        nameIsDNSSubdomain(resourceClaimTemplateName, false),
      );
  }
};
