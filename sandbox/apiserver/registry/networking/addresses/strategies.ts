import type { IPAddress, ServiceCIDR } from "../../../../api/types.ts";
import { invalidValue, required, tooMany, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { formatIP, isValidCIDR, parseCIDR, parseIP } from "../../../../apimachinery/validation/ip.ts";
import { isDNS1123Subdomain, nameIsPathSegment } from "../../../../apimachinery/validation/names.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";

/** The name of an IPAddress is the address, in its canonical form. */
const nameIsAddress = (name: string): readonly string[] => {
  const address = parseIP(name, { sloppy: false });
  if (!address) return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
  return formatIP(address) === name ? [] : ["must be a canonical format IP address"];
};

const addressErrors = ({ spec }: IPAddress): FieldError[] => {
  const errors: FieldError[] = [];
  const parent = spec?.parentRef;
  if (!parent) return [required("spec.parentRef")];
  if (parent.group) addInvalid(errors, "spec.parentRef.group", parent.group, isDNS1123Subdomain(parent.group));
  if (!parent.resource) errors.push(required("spec.parentRef.resource"));
  else addInvalid(errors, "spec.parentRef.resource", parent.resource, nameIsPathSegment(parent.resource, false));
  if (!parent.name) errors.push(required("spec.parentRef.name"));
  else addInvalid(errors, "spec.parentRef.name", parent.name, nameIsPathSegment(parent.name, false));
  if (parent.namespace) addInvalid(errors, "spec.parentRef.namespace", parent.namespace, nameIsPathSegment(parent.namespace, false));
  return errors;
};

export const ipAddressStrategy = defineStrategy<IPAddress>({
  group: "networking.k8s.io",
  resource: "ipaddresses",
  validateName: nameIsAddress,
  validate: addressErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous)];
    addImmutable(errors, "spec.parentRef", next.spec?.parentRef, previous.spec?.parentRef);
    return errors;
  },
  allowUnconditionalUpdate: true,
  selectableFields: {},
});

const rangeErrors = ({ spec }: ServiceCIDR): FieldError[] => {
  const cidrs = spec?.cidrs ?? [];
  if (cidrs.length === 0) return [required("spec.cidrs", "at least one CIDR required")];
  if (cidrs.length > 2) return [tooMany("spec.cidrs", cidrs.length, 2)];
  const errors: FieldError[] = [];
  for (const [at, cidr] of cidrs.entries()) addInvalid(errors, `spec.cidrs[${at}]`, cidr, isValidCIDR(cidr));
  const families = cidrs.map((cidr) => parseCIDR(cidr)?.address.family);
  if (cidrs.length === 2 && families[0] !== undefined && families[0] === families[1])
    errors.push(
      invalidValue("spec.cidrs", cidrs, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"),
    );
  return errors;
};

export const serviceCIDRStrategy = defineStrategy<ServiceCIDR>({
  group: "networking.k8s.io",
  resource: "servicecidrs",
  prepareForCreate: (draft) => {
    draft.status = {};
  },
  prepareForUpdate: keepStatus,
  validate: rangeErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous)];
    addImmutable(errors, "spec.cidrs", next.spec?.cidrs, previous.spec?.cidrs);
    return errors;
  },
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy<ServiceCIDR>(metadataUpdateErrors) },
});
