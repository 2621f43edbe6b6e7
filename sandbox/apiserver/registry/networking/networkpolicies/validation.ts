import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../../../api/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidCIDR, networkContains, parseCIDR } from "../../../../apimachinery/validation/ip.ts";
import { isValidPortName, isValidPortNum } from "../../../../apimachinery/validation/names.ts";

const allowsNoMore = "may not specify both ipBlock and another peer";

/** ValidateNetworkPolicySpec. */
export const networkPolicyErrors = ({ spec }: NetworkPolicy): FieldError[] => {
  const errors: FieldError[] = validateLabelSelector(spec?.podSelector, "spec.podSelector");
  for (const [at, { ports = [], from = [] }] of (spec?.ingress ?? []).entries()) {
    for (const [index, port] of ports.entries()) addPortErrors(errors, port, `spec.ingress[${at}].ports[${index}]`);
    for (const [index, peer] of from.entries()) addPeerErrors(errors, peer, `spec.ingress[${at}].from[${index}]`);
  }
  for (const [at, { ports = [], to = [] }] of (spec?.egress ?? []).entries()) {
    for (const [index, port] of ports.entries()) addPortErrors(errors, port, `spec.egress[${at}].ports[${index}]`);
    for (const [index, peer] of to.entries()) addPeerErrors(errors, peer, `spec.egress[${at}].to[${index}]`);
  }
  const types = spec?.policyTypes ?? [];
  if (types.length > 2) return [...errors, invalidValue("spec.policyTypes", types, "may not specify more than two policyTypes")];
  for (const [at, type] of types.entries())
    if (type !== "Ingress" && type !== "Egress") errors.push(notSupported(`spec.policyTypes[${at}]`, type, ["Egress", "Ingress"]));
  return errors;
};

const addPortErrors = (errors: FieldError[], { port, protocol, endPort }: NetworkPolicyPort, path: string): void => {
  if (protocol && !["TCP", "UDP", "SCTP"].includes(protocol))
    errors.push(notSupported(`${path}.protocol`, protocol, ["TCP", "UDP", "SCTP"]));
  if (port !== undefined) {
    if (typeof port === "number") {
      addInvalid(errors, `${path}.port`, port, isValidPortNum(port));
      if (endPort !== undefined) {
        if (endPort < port) errors.push(invalidValue(`${path}.endPort`, endPort, "must be greater than or equal to `port`"));
        addInvalid(errors, `${path}.endPort`, endPort, isValidPortNum(endPort));
      }
    } else {
      if (endPort !== undefined) errors.push(invalidValue(`${path}.endPort`, endPort, "may not be specified when `port` is non-numeric"));
      addInvalid(errors, `${path}.port`, port, isValidPortName(port));
    }
  } else if (endPort !== undefined)
    errors.push(invalidValue(`${path}.endPort`, endPort, "may not be specified when `port` is not specified"));
};

const addPeerErrors = (errors: FieldError[], { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: string): void => {
  let peers = 0;
  if (podSelector) {
    peers++;
    errors.push(...validateLabelSelector(podSelector, `${path}.podSelector`));
  }
  if (namespaceSelector) {
    peers++;
    errors.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`));
  }
  if (ipBlock) {
    peers++;
    addBlockErrors(errors, ipBlock, `${path}.ipBlock`);
  }
  if (peers === 0) errors.push(required(path, "must specify a peer"));
  else if (peers > 1 && ipBlock) errors.push(forbiddenField(path, allowsNoMore));
};

const addBlockErrors = (errors: FieldError[], { cidr, except = [] }: NonNullable<NetworkPolicyPeer["ipBlock"]>, path: string): void => {
  if (!cidr) return void errors.push(required(`${path}.cidr`));
  const sentences = isValidCIDR(cidr);
  addInvalid(errors, `${path}.cidr`, cidr, sentences);
  const whole = parseCIDR(cidr);
  if (!whole) return;
  for (const [at, excluded] of except.entries()) {
    const own = isValidCIDR(excluded);
    addInvalid(errors, `${path}.except[${at}]`, excluded, own);
    const part = parseCIDR(excluded);
    if (part && (!networkContains(whole, part.address) || part.prefix <= whole.prefix))
      errors.push(invalidValue(`${path}.except[${at}]`, excluded, "must be a strict subset of `cidr`"));
  }
};
