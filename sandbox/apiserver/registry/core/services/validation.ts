import type { Service, ServicePort, ServiceSpec } from "../../../../api/types.ts";
import { validateLabels } from "../../../../apimachinery/labels/label-selector.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidCIDR, isValidIP } from "../../../../apimachinery/validation/ip.ts";
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidPortNum } from "../../../../apimachinery/validation/names.ts";
import type { StrategyContext } from "../../strategy.ts";
import { addSpecialIPErrors } from "../ip-rules.ts";
import { addPortReferenceErrors, addProtocolErrors } from "../podspec/container-ports.ts";
import { addAddressErrors } from "./address-rules.ts";
import { addLoadBalancerErrors, addTrafficErrors } from "./traffic-rules.ts";
import { isHeadless } from "./types.ts";

const affinities = ["ClientIP", "None"];
const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const mostAffinitySeconds = 86_400;

const topologyMode = "service.kubernetes.io/topology-mode";
const topologyHints = "service.kubernetes.io/topology-aware-hints";

/** ValidateService, without the metadata, in upstream's order. */
export const validateService = ({ metadata, spec: given }: Service, context: Pick<StrategyContext, "enabled">): FieldError[] => {
  const errors: FieldError[] = [];
  const spec = given ?? {};
  const { annotations } = metadata;
  const mode = annotations?.[topologyMode];
  if (mode !== undefined && annotations?.[topologyHints] !== undefined && mode !== annotations[topologyHints])
    errors.push(
      invalidValue(`metadata.annotations[${topologyMode}]`, mode, `must match annotations[${topologyHints}] when both are specified`),
    );
  const ports = spec.ports ?? [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== "ExternalName") errors.push(required("spec.ports"));
  addTypeErrors(errors, spec);
  const names = new Set<string>();
  for (const [at, port] of ports.entries()) addPortErrors(errors, port, ports.length > 1, names, `spec.ports[${at}]`);
  if (spec.selector) errors.push(...validateLabels(spec.selector, "spec.selector"));
  addAffinityErrors(errors, spec);
  addAddressErrors(errors, spec);
  for (const [at, ip] of (spec.externalIPs ?? []).entries()) {
    const sentences = isValidIP(ip);
    addInvalid(errors, `spec.externalIPs[${at}]`, ip, sentences);
    if (sentences.length === 0) addSpecialIPErrors(errors, ip, `spec.externalIPs[${at}]`);
  }
  if (!spec.type) errors.push(required("spec.type"));
  else if (!types.includes(spec.type)) errors.push(notSupported("spec.type", spec.type, types));
  addPortConflicts(errors, spec);
  addSourceRangeErrors(errors, spec, annotations ?? {});
  addLoadBalancerErrors(errors, spec);
  addTrafficErrors(errors, spec, context);
  return errors;
};

const addTypeErrors = (errors: FieldError[], spec: ServiceSpec): void => {
  const { type, clusterIPs, ipFamilies, ipFamilyPolicy, externalName = "" } = spec;
  if ((type === "LoadBalancer" || type === "NodePort") && isHeadless(spec))
    errors.push(invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`));
  if (type !== "ExternalName") return;
  const words = "may not be set for ExternalName services";
  if (clusterIPs?.length) errors.push(forbiddenField("spec.clusterIPs", words));
  if (ipFamilies?.length) errors.push(forbiddenField("spec.ipFamilies", words));
  if (ipFamilyPolicy !== undefined) errors.push(forbiddenField("spec.ipFamilyPolicy", words));
  const name = externalName.endsWith(".") ? externalName.slice(0, -1) : externalName;
  if (name === "") errors.push(required("spec.externalName"));
  else addInvalid(errors, "spec.externalName", name, isDNS1123Subdomain(name));
};

const addPortErrors = (errors: FieldError[], port: ServicePort, needsName: boolean, names: Set<string>, path: string): void => {
  const { name, appProtocol } = port;
  if (name) {
    addInvalid(errors, `${path}.name`, name, isDNS1123Label(name));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  } else if (needsName) errors.push(required(`${path}.name`));
  addInvalid(errors, `${path}.port`, port.port ?? 0, isValidPortNum(port.port ?? 0));
  addProtocolErrors(errors, port.protocol, `${path}.protocol`);
  addPortReferenceErrors(errors, port.targetPort, `${path}.targetPort`);
  if (appProtocol !== undefined) addInvalid(errors, `${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol));
};

const addAffinityErrors = (errors: FieldError[], { sessionAffinity: affinity, sessionAffinityConfig: config }: ServiceSpec): void => {
  if (!affinity) errors.push(required("spec.sessionAffinity"));
  else if (!affinities.includes(affinity)) errors.push(notSupported("spec.sessionAffinity", affinity, affinities));
  const path = "spec.sessionAffinityConfig";
  if (affinity === "None" && config) errors.push(forbiddenField(path, "must not be set when session affinity is None"));
  if (affinity !== "ClientIP") return;
  const words = "when session affinity type is ClientIP";
  const seconds = config?.clientIP?.timeoutSeconds;
  if (!config) errors.push(required(path, words));
  else if (!config.clientIP) errors.push(required(`${path}.clientIP`, words));
  else if (seconds === undefined) errors.push(required(`${path}.clientIP.timeoutSeconds`, words));
  else if (seconds <= 0 || seconds > mostAffinitySeconds)
    errors.push(invalidValue(`${path}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${mostAffinitySeconds}`));
};

/** A port, and a node's port, can be had once for each protocol. */
const addPortConflicts = (errors: FieldError[], { type, ports = [] }: ServiceSpec): void => {
  if (type === "ClusterIP")
    for (const [at, { nodePort }] of ports.entries())
      if (nodePort) errors.push(forbiddenField(`spec.ports[${at}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  const isRepeated = (field: "port" | "nodePort", at: number): boolean =>
    ports.slice(0, at).some((other) => other.protocol === ports[at]!.protocol && other[field] === ports[at]![field]);
  for (const [at, { nodePort }] of ports.entries())
    if (nodePort && isRepeated("nodePort", at)) errors.push(duplicate(`spec.ports[${at}].nodePort`, nodePort));
  for (const [at, { protocol, port }] of ports.entries())
    if (isRepeated("port", at)) errors.push(duplicate(`spec.ports[${at}]`, { protocol, port }));
};

const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

const addSourceRangeErrors = (
  errors: FieldError[],
  { type, loadBalancerSourceRanges: ranges = [] }: ServiceSpec,
  annotations: Readonly<Record<string, string>>,
): void => {
  const annotated = annotations[rangesAnnotation];
  if (ranges.length === 0 && annotated === undefined) return;
  const path = ranges.length > 0 ? "spec.LoadBalancerSourceRanges" : `metadata.annotations[${rangesAnnotation}]`;
  if (type !== "LoadBalancer") errors.push(forbiddenField(path, "may only be used when `type` is 'LoadBalancer'"));
  for (const [at, range] of ranges.entries()) addInvalid(errors, `${path}[${at}]`, range.trim(), isValidCIDR(range.trim()));
  if (ranges.length > 0 || !annotated?.trim()) return;
  for (const range of annotated.trim().split(",")) addInvalid(errors, path, range.trim(), isValidCIDR(range.trim()));
};
