import type { LoadBalancerStatus, ServiceSpec } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidIP, parseIP } from "../../../../apimachinery/validation/ip.ts";
import { isDNS1123Subdomain, isQualifiedName, isValidPortNum } from "../../../../apimachinery/validation/names.ts";
import type { StrategyContext } from "../../strategy.ts";
import { isExternallyAccessible, needsHealthCheck } from "./types.ts";

const trafficPolicies = ["Cluster", "Local"];
const ipModes = ["Proxy", "VIP"];

/** What only load balancers have. */
export const addLoadBalancerErrors = (errors: FieldError[], spec: ServiceSpec): void => {
  const { type, allocateLoadBalancerNodePorts: allocates } = spec;
  if (allocates !== undefined && type !== "LoadBalancer")
    errors.push(forbiddenField("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'"));
  if (allocates === undefined && type === "LoadBalancer") errors.push(required("allocateLoadBalancerNodePorts"));
  addClassErrors(errors, spec);
};

/** validateLoadBalancerClassField. */
export const addClassErrors = (errors: FieldError[], { type, loadBalancerClass }: ServiceSpec, previous?: ServiceSpec): void => {
  const path = "spec.loadBalancerClass";
  if (previous?.type === "LoadBalancer" && type === "LoadBalancer" && previous.loadBalancerClass !== loadBalancerClass)
    errors.push(invalidValue(path, loadBalancerClass, "may not change once set"));
  if (loadBalancerClass === undefined) return;
  if (type === "LoadBalancer") addInvalid(errors, path, loadBalancerClass, isQualifiedName(loadBalancerClass));
  else errors.push(forbiddenField(path, "may only be used when `type` is 'LoadBalancer'"));
};

/** Where traffic may go: policies, the health check's port, distribution. */
export const addTrafficErrors = (errors: FieldError[], spec: ServiceSpec, { enabled }: Pick<StrategyContext, "enabled">): void => {
  const { type, externalTrafficPolicy: external, internalTrafficPolicy: inside, healthCheckNodePort: port = 0, trafficDistribution } = spec;
  if (!isExternallyAccessible(spec)) {
    if (external) errors.push(invalidValue("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services"));
  } else if (!external) errors.push(required("spec.externalTrafficPolicy"));
  else if (!trafficPolicies.includes(external)) errors.push(notSupported("spec.externalTrafficPolicy", external, trafficPolicies));
  if (needsHealthCheck(spec)) {
    if (port === 0) errors.push(required("spec.healthCheckNodePort"));
    else addInvalid(errors, "spec.healthCheckNodePort", port, isValidPortNum(port));
  } else if (port !== 0)
    errors.push(
      invalidValue(
        "spec.healthCheckNodePort",
        port,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    );
  if (inside === undefined) {
    if (type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP") errors.push(required("spec.internalTrafficPolicy"));
  } else if (!trafficPolicies.includes(inside)) errors.push(notSupported("spec.internalTrafficPolicy", inside, trafficPolicies));
  const distributions = enabled("PreferSameTrafficDistribution") ? ["PreferClose", "PreferSameZone", "PreferSameNode"] : ["PreferClose"];
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
    errors.push(notSupported("spec.trafficDistribution", trafficDistribution, distributions));
};

/** ValidateLoadBalancerStatus. */
export const addLoadBalancerStatusErrors = (
  errors: FieldError[],
  { ingress = [] }: LoadBalancerStatus,
  { type }: ServiceSpec,
  path: string,
  { enabled }: Pick<StrategyContext, "enabled">,
): void => {
  if (type !== "LoadBalancer" && ingress.length > 0 && !enabled("AllowServiceLBStatusOnNonLB")) {
    errors.push(forbiddenField(`${path}.ingress`, "may only be used when `spec.type` is 'LoadBalancer'"));
    return;
  }
  for (const [at, { ip = "", ipMode, hostname = "" }] of ingress.entries()) {
    const field = `${path}.ingress[${at}]`;
    if (ip !== "") addInvalid(errors, `${field}.ip`, ip, isValidIP(ip));
    if (ipMode === undefined) {
      if (ip !== "") errors.push(required(`${field}.ipMode`, "must be specified when `ip` is set"));
    } else if (ip === "") errors.push(forbiddenField(`${field}.ipMode`, "may not be specified when `ip` is not set"));
    else if (!ipModes.includes(ipMode)) errors.push(notSupported(`${field}.ipMode`, ipMode, ipModes));
    if (hostname === "") continue;
    addInvalid(errors, `${field}.hostname`, hostname, isDNS1123Subdomain(hostname));
    if (parseIP(hostname)) errors.push(invalidValue(`${field}.hostname`, hostname, "must be a DNS name, not an IP address"));
  }
};
