import type { EndpointAddress, EndpointPort, Endpoints } from "../../../../api/types.ts";
import { required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidIP } from "../../../../apimachinery/validation/ip.ts";
import { isDNS1123Label, isQualifiedName, isValidPortNum, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";
import { addSpecialIPErrors } from "../ip-rules.ts";
import { addProtocolErrors } from "../podspec/container-ports.ts";

/** ValidateEndpoints, without the metadata. */
const validateEndpoints = ({ subsets }: Endpoints): FieldError[] => {
  const errors: FieldError[] = [];
  for (const [at, { addresses = [], notReadyAddresses = [], ports = [] }] of (subsets ?? []).entries()) {
    const path = `subsets[${at}]`;
    if (addresses.length === 0 && notReadyAddresses.length === 0)
      errors.push(required(path, "must specify `addresses` or `notReadyAddresses`"));
    for (const [addressAt, address] of addresses.entries()) addAddressErrors(errors, address, `${path}.addresses[${addressAt}]`);
    for (const [addressAt, address] of notReadyAddresses.entries())
      addAddressErrors(errors, address, `${path}.notReadyAddresses[${addressAt}]`);
    for (const [portAt, port] of ports.entries()) addPortErrors(errors, port, ports.length > 1, `${path}.ports[${portAt}]`);
  }
  return errors;
};

const addAddressErrors = (errors: FieldError[], { ip = "", hostname, nodeName }: EndpointAddress, path: string): void => {
  addInvalid(errors, `${path}.ip`, ip, isValidIP(ip));
  if (hostname) addInvalid(errors, `${path}.hostname`, hostname, isDNS1123Label(hostname));
  if (nodeName !== undefined) addInvalid(errors, `${path}.nodeName`, nodeName, nameIsDNSSubdomain(nodeName, false));
  addSpecialIPErrors(errors, ip, `${path}.ip`);
};

const addPortErrors = (
  errors: FieldError[],
  { name, port = 0, protocol, appProtocol }: EndpointPort,
  needsName: boolean,
  path: string,
): void => {
  if (name) addInvalid(errors, `${path}.name`, name, isDNS1123Label(name));
  else if (needsName) errors.push(required(`${path}.name`));
  addInvalid(errors, `${path}.port`, port, isValidPortNum(port));
  addProtocolErrors(errors, protocol, `${path}.protocol`);
  if (appProtocol !== undefined) addInvalid(errors, `${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol));
};

export const endpointsStrategy = defineStrategy<Endpoints>({
  group: "",
  resource: "endpoints",
  setDefaults: ({ subsets }) => {
    for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ||= "TCP";
  },
  validate: validateEndpoints,
  validateUpdate: (next, previous) => [...metadataUpdateErrors(next, previous), ...metadataErrors(next, true), ...validateEndpoints(next)],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
});
