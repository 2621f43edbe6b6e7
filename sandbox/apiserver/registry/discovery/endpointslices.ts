import type { EndpointSlice } from "../../../api/types.ts";
import { duplicate, notSupported, required, tooMany, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid } from "../../../apimachinery/validation/fields.ts";
import { isValidIPv4Address, isValidIPv6Address } from "../../../apimachinery/validation/ip.ts";
import {
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  nameIsDNSSubdomain,
} from "../../../apimachinery/validation/names.ts";
import { addSpecialIPErrors } from "../core/ip-rules.ts";
import { setFirstGeneration } from "../generic/generation.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import { metadataErrors } from "../generic/metadata.ts";
import { defineStrategy } from "../strategy.ts";

const most = { addresses: 100, ports: 20_000, endpoints: 1000, zones: 8 };
const addressTypes = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];

/** ValidateEndpointSlice, without the metadata. */
const validate = (slice: EndpointSlice): FieldError[] => {
  const errors: FieldError[] = [];
  const { addressType = "" } = slice as { readonly addressType?: string };
  if (addressType === "") errors.push(required("addressType"));
  else if (!addressTypes.includes(addressType)) errors.push(notSupported("addressType", addressType, addressTypes));
  addEndpointErrors(errors, slice.endpoints ?? [], addressType);
  addPortErrors(errors, slice.ports ?? []);
  return errors;
};

const addEndpointErrors = (errors: FieldError[], endpoints: NonNullable<EndpointSlice["endpoints"]>, addressType: string): void => {
  if (endpoints.length > most.endpoints) return void errors.push(tooMany("endpoints", endpoints.length, most.endpoints));
  for (const [at, endpoint] of endpoints.entries()) {
    const path = `endpoints[${at}]`;
    const addresses = endpoint.addresses ?? [];
    if (addresses.length === 0) errors.push(required(`${path}.addresses`, "must contain at least 1 address"));
    else if (addresses.length > most.addresses) errors.push(tooMany(`${path}.addresses`, addresses.length, most.addresses));
    for (const [index, address] of addresses.entries()) addAddressErrors(errors, address, addressType, `${path}.addresses[${index}]`);
    if (endpoint.nodeName !== undefined)
      addInvalid(errors, `${path}.nodeName`, endpoint.nodeName, nameIsDNSSubdomain(endpoint.nodeName, false));
    const topology = endpoint.deprecatedTopology ?? {};
    for (const [key, value] of Object.entries(topology)) {
      addInvalid(errors, `${path}.deprecatedTopology`, key, isQualifiedName(key));
      addInvalid(errors, `${path}.deprecatedTopology`, value, isValidLabelValue(value));
    }
    if (endpoint.hostname !== undefined) addInvalid(errors, `${path}.hostname`, endpoint.hostname, isDNS1123Label(endpoint.hostname));
    const zones = endpoint.hints?.forZones ?? [];
    if (zones.length > most.zones) errors.push(tooMany(`${path}.hints.forZones`, zones.length, most.zones));
    const seen = new Set<string>();
    for (const [index, { name }] of zones.entries()) {
      const own = `${path}.hints.forZones[${index}].name`;
      if (seen.has(name)) errors.push(duplicate(own, name));
      seen.add(name);
      addInvalid(errors, own, name, isValidLabelValue(name));
    }
  }
};

const addAddressErrors = (errors: FieldError[], address: string, addressType: string, path: string): void => {
  if (addressType === "FQDN") return addInvalid(errors, path, address, isDNS1123Subdomain(address));
  if (addressType !== "IPv4" && addressType !== "IPv6") return;
  addInvalid(errors, path, address, addressType === "IPv4" ? isValidIPv4Address(address) : isValidIPv6Address(address));
  addSpecialIPErrors(errors, address, path);
};

const addPortErrors = (errors: FieldError[], ports: NonNullable<EndpointSlice["ports"]>): void => {
  if (ports.length > most.ports) return void errors.push(tooMany("ports", ports.length, most.ports));
  const names = new Set<string>();
  for (const [at, { name = "", protocol, appProtocol }] of ports.entries()) {
    const path = `ports[${at}]`;
    if (name !== "") addInvalid(errors, `${path}.name`, name, isDNS1123Label(name));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (protocol !== undefined && !protocols.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, protocols));
    if (appProtocol !== undefined) addInvalid(errors, `${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol));
  }
};

export const endpointSliceStrategy = defineStrategy<EndpointSlice>({
  group: "discovery.k8s.io",
  resource: "endpointslices",
  setDefaults: ({ ports }) => {
    for (const port of ports ?? []) {
      port.name ??= "";
      port.protocol ??= "TCP";
    }
  },
  prepareForCreate: setFirstGeneration,
  prepareForUpdate: (draft, previous) => {
    const { metadata: _next, ...own } = draft;
    const { metadata: _previous, ...before } = previous;
    const sameLabels = isSemanticallyEqual(draft.metadata.labels, previous.metadata.labels);
    const generation = previous.metadata.generation ?? 0;
    draft.metadata.generation = sameLabels && isSemanticallyEqual(own, before) ? generation : generation + 1;
  },
  validate,
  validateUpdate: (next, previous) => {
    const errors = [...metadataErrors(next, true), ...validate(next)];
    addImmutable(errors, "addressType", next.addressType, previous.addressType);
    return errors;
  },
  warnings: ({ addressType }) => (addressType === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
  allowUnconditionalUpdate: true,
});
