import type { Node } from "../../../../api/types.ts";
import {
  duplicate,
  forbiddenField,
  goStrings,
  internal,
  invalidValue,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidCIDR, parseCIDR } from "../../../../apimachinery/validation/ip.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { addResourceAmountErrors } from "../podspec/quantities.ts";
import { addNodeConfigErrors } from "./config-source.ts";
import { addTaintErrors } from "./taints.ts";

/** ValidateNode, without the metadata. Taints are told beneath it: upstream's oddity. */
export const validateNode = (node: Node): FieldError[] => {
  const errors: FieldError[] = [];
  addTaintErrors(errors, node.spec?.taints ?? [], "metadata.taints");
  addAmountErrors(errors, node);
  addPodCIDRErrors(errors, node.spec?.podCIDRs ?? []);
  return errors;
};

const addAmountErrors = (errors: FieldError[], { status }: Node): void => {
  for (const list of ["capacity", "allocatable"] as const)
    for (const [name, amount] of Object.entries(status?.[list] ?? {}))
      addResourceAmountErrors(errors, name, amount, `status.${list}.${name}`);
};

/** One network of each family at most. */
const addPodCIDRErrors = (errors: FieldError[], networks: readonly string[]): void => {
  const path = "spec.podCIDRs";
  for (const [at, network] of networks.entries()) addInvalid(errors, `${path}[${at}]`, network, isValidCIDR(network));
  if (networks.length < 2) return;
  const families = networks.map((network) => parseCIDR(network)?.address.family);
  const broken = networks.find((_, at) => families[at] === undefined);
  if (broken !== undefined)
    errors.push(internal(path, `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR address: ${broken}`));
  if (new Set(families).size !== 2 || broken !== undefined || networks.length > 2)
    errors.push(invalidValue(path, goStrings(networks), "may specify no more than one CIDR for each IP family"));
  for (const [at, network] of networks.entries()) if (networks.indexOf(network) < at) errors.push(duplicate(`${path}[${at}]`, network));
};

/** ValidateNodeUpdate: of a change, and of what a kubelet reports. */
export const validateNodeUpdate = (next: Node, previous: Node): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  addAmountErrors(errors, next);
  const addresses = new Set<string>();
  for (const [at, { type, address }] of (next.status?.addresses ?? []).entries()) {
    if (addresses.has(`${type}/${address}`)) errors.push(duplicate(`status.addresses[${at}]`, { type, address }));
    addresses.add(`${type}/${address}`);
  }
  const [old, networks] = [previous.spec?.podCIDRs ?? [], next.spec?.podCIDRs ?? []];
  if (old.length > 0) {
    const changes = old.length === networks.length ? old.filter((network, at) => network !== networks[at]).length : 1;
    for (let at = 0; at < changes; at++)
      errors.push(forbiddenField("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'));
  }
  if (previous.spec?.providerID && previous.spec.providerID !== next.spec?.providerID)
    errors.push(forbiddenField("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  addNodeConfigErrors(errors, next);
  addTaintErrors(errors, next.spec?.taints ?? [], "metadata.taints");
  if ((next.spec?.externalID ?? "") !== (previous.spec?.externalID ?? ""))
    errors.push(forbiddenField("spec.externalID", "may not be updated"));
  return errors;
};
