import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule } from "../../../../api/types.ts";
import { GoText, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { parseIP } from "../../../../apimachinery/validation/ip.ts";
import {
  isDNS1035Label,
  isDNS1123Subdomain,
  isValidPortName,
  isValidPortNum,
  isWildcardDNS1123Subdomain,
  nameIsDNSSubdomain,
} from "../../../../apimachinery/validation/names.ts";

const unwantedSequences = ["//", "/./", "/../", "%2f", "%2F"];
const unwantedEnds = ["/..", "/."];
const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

/** ValidateIngress: without the metadata. */
export const ingressErrors = ({ spec = {} }: Pick<Ingress, "spec">, requireValidSecretNames = true): FieldError[] => {
  const errors: FieldError[] = [];
  const rules = spec.rules ?? [];
  if (rules.length === 0 && !spec.defaultBackend)
    errors.push(invalidValue("spec", new GoText("[]networking.IngressRule(nil)"), "either `defaultBackend` or `rules` must be specified"));
  if (spec.defaultBackend) addBackendErrors(errors, spec.defaultBackend, "spec.defaultBackend");
  for (const [at, rule] of rules.entries()) addRuleErrors(errors, rule, `spec.rules[${at}]`);
  for (const [at, { hosts = [], secretName = "" }] of (spec.tls ?? []).entries()) {
    for (const [index, host] of hosts.entries())
      addInvalid(
        errors,
        `spec.tls[${at}].hosts[${index}]`,
        host,
        host.includes("*") ? isWildcardDNS1123Subdomain(host) : isDNS1123Subdomain(host),
      );
    if (requireValidSecretNames && secretName !== "")
      addInvalid(errors, `spec.tls[${at}].secretName`, secretName, nameIsDNSSubdomain(secretName, false));
  }
  if (spec.ingressClassName !== undefined)
    addInvalid(errors, "spec.ingressClassName", spec.ingressClassName, nameIsDNSSubdomain(spec.ingressClassName, false));
  return errors;
};

/** On creation the old annotation and the field exclude each other. */
export const ingressCreateErrors = ({ metadata, spec }: Ingress): FieldError[] =>
  metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined && spec?.ingressClassName !== undefined
    ? [
        invalidValue(
          "annotations.kubernetes.io/ingress.class",
          metadata.annotations["kubernetes.io/ingress.class"],
          "can not be set when the class field is also set",
        ),
      ]
    : [];

const addRuleErrors = (errors: FieldError[], { host = "", http }: IngressRule, path: string): void => {
  if (host !== "") {
    if (parseIP(host)) errors.push(invalidValue(`${path}.host`, host, "must be a DNS name, not an IP address"));
    addInvalid(errors, `${path}.host`, host, host.includes("*") ? isWildcardDNS1123Subdomain(host) : isDNS1123Subdomain(host));
  }
  if (!http) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(`${path}.http.paths`));
  for (const [at, each] of paths.entries()) addPathErrors(errors, each, `${path}.http.paths[${at}]`);
};

const addPathErrors = (errors: FieldError[], { path: text = "", pathType, backend }: HTTPIngressPath, path: string): void => {
  if (!pathType) errors.push(required(`${path}.pathType`, "pathType must be specified"));
  else if (pathType === "Exact" || pathType === "Prefix") {
    if (!text.startsWith("/")) errors.push(invalidValue(`${path}.path`, text, "must be an absolute path"));
    if (text !== "") {
      for (const sequence of unwantedSequences)
        if (text.includes(sequence)) errors.push(invalidValue(`${path}.path`, text, `must not contain '${sequence}'`));
      for (const end of unwantedEnds) if (text.endsWith(end)) errors.push(invalidValue(`${path}.path`, text, `cannot end with '${end}'`));
    }
  } else if (pathType === "ImplementationSpecific") {
    if (text !== "" && !text.startsWith("/")) errors.push(invalidValue(`${path}.path`, text, "must be an absolute path"));
  } else errors.push(notSupported(`${path}.pathType`, pathType, pathTypes));
  addBackendErrors(errors, backend ?? {}, `${path}.backend`);
};

const addBackendErrors = (errors: FieldError[], { service, resource }: IngressBackend, path: string): void => {
  if (resource && service) return void errors.push(invalidValue(path, "", "cannot set both resource and service backends"));
  if (resource) {
    const { apiGroup, kind = "", name = "" } = resource;
    if (apiGroup) addInvalid(errors, `${path}.resource.apiGroup`, apiGroup, isDNS1123Subdomain(apiGroup));
    if (kind === "") errors.push(required(`${path}.resource.kind`, "kind is required"));
    if (name === "") errors.push(required(`${path}.resource.name`, "name is required"));
    return;
  }
  if (!service) return void errors.push(invalidValue(path, "", "resource or service backend is required"));
  const { name = "", port = {} } = service;
  if (name === "") errors.push(required(`${path}.service.name`));
  else addInvalid(errors, `${path}.service.name`, name, isDNS1035Label(name));
  const byName = Boolean(port.name);
  const byNumber = Boolean(port.number);
  if (byName && byNumber) errors.push(invalidValue(path, "", "cannot set both port name & port number"));
  else if (byName) addInvalid(errors, `${path}.service.port.name`, port.name, isValidPortName(port.name!));
  else if (byNumber) addInvalid(errors, `${path}.service.port.number`, port.number, isValidPortNum(port.number!));
  else errors.push(required(path, "port name or number is required"));
};

/** ValidateIngressStatusUpdate, the status itself. */
export const ingressStatusErrors = ({ status }: Pick<Ingress, "status">): FieldError[] => {
  const errors: FieldError[] = [];
  for (const [at, { ip, hostname }] of (status?.loadBalancer?.ingress ?? []).entries()) {
    const path = `status.loadBalancer.ingress[${at}]`;
    if (ip && !parseIP(ip)) errors.push(invalidValue(`${path}.ip`, ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
    if (!hostname) continue;
    addInvalid(errors, `${path}.hostname`, hostname, isDNS1123Subdomain(hostname));
    if (parseIP(hostname)) errors.push(invalidValue(`${path}.hostname`, hostname, "must be a DNS name, not an IP address"));
  }
  return errors;
};
