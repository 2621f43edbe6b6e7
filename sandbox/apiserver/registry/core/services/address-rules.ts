import type { ServiceSpec } from "../../../../api/types.ts";
import {
  duplicate,
  goStrings,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidIP, parseIP } from "../../../../apimachinery/validation/ip.ts";
import { isHeadless } from "./types.ts";

const families = ["IPv4", "IPv6"];
const familyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** ValidateServiceClusterIPsRelatedFields. */
export const addAddressErrors = (errors: FieldError[], spec: ServiceSpec): void => {
  if (spec.type === "ExternalName") return;
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const path = "spec.clusterIPs";
  if (clusterIP === "") {
    if (clusterIPs.length > 0) errors.push(invalidValue(path, goStrings(clusterIPs), "must be empty when `clusterIP` is not specified"));
  } else if (clusterIPs.length === 0) errors.push(required(path));
  else if (clusterIPs[0] !== clusterIP) errors.push(invalidValue(path, goStrings(clusterIPs), "first value must match `clusterIP`"));
  for (const [at, family] of ipFamilies.entries()) {
    if (!families.includes(family)) errors.push(notSupported(`spec.ipFamilies[${at}]`, family, families));
    if (ipFamilies.indexOf(family) < at) errors.push(duplicate(`spec.ipFamilies[${at}]`, family));
  }
  if (ipFamilyPolicy !== undefined && !familyPolicies.includes(ipFamilyPolicy))
    errors.push(notSupported("spec.ipFamilyPolicy", ipFamilyPolicy, familyPolicies));
  if (addClusterIPErrors(errors, clusterIPs, path)) addFamilyErrors(errors, spec, path);
};

/** Answers whether the addresses can be read: else more words would only confuse. */
const addClusterIPErrors = (errors: FieldError[], addresses: readonly string[], path: string): boolean => {
  let isReadable = true;
  for (const [at, address] of addresses.entries()) {
    if (at === 0 && address === "None") {
      if (addresses.length === 1) continue;
      isReadable = false;
      errors.push(invalidValue(path, goStrings(addresses), "'None' must be the first and only value"));
      continue;
    }
    const sentences = isValidIP(address);
    if (sentences.length > 0) isReadable = false;
    addInvalid(errors, `${path}[${at}]`, address, sentences);
  }
  if (addresses.length > 2) errors.push(invalidValue(path, goStrings(addresses), "may only hold up to 2 values"));
  return isReadable;
};

const addFamilyErrors = (errors: FieldError[], spec: ServiceSpec, path: string): void => {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const familiesOfAddresses = clusterIPs.map((address) => parseIP(address)?.family);
  if (clusterIPs.length > 1 && new Set(familiesOfAddresses).size !== 2)
    errors.push(invalidValue(path, goStrings(clusterIPs), "may specify no more than one IP for each IP family"));
  if (isHeadless(spec)) return;
  for (const [at, address] of clusterIPs.entries()) {
    const family = ipFamilies[at];
    const isIPv6 = familiesOfAddresses[at] === 6;
    if ((family === "IPv4" && isIPv6) || (family === "IPv6" && !isIPv6))
      errors.push(invalidValue(`${path}[${at}]`, address, `expected an ${family} value as indicated by \`ipFamilies[${at}]\``));
  }
};

/** validateUpgradeDowngradeClusterIPs and its twin for families: the second of two may come and go, the first stays. */
export const addAddressChangeErrors = (errors: FieldError[], next: ServiceSpec, previous: ServiceSpec): void => {
  if (next.type === "ExternalName" || previous.type === "ExternalName") return;
  const [headless, wasHeadless] = [isHeadless(next), isHeadless(previous)];
  if (!headless || !wasHeadless) addClusterIPChangeErrors(errors, next, previous);
  if (headless === wasHeadless && !headless) addFamilyChangeErrors(errors, next, previous);
};

const addClusterIPChangeErrors = (errors: FieldError[], next: ServiceSpec, previous: ServiceSpec): void => {
  const [addresses, old] = [next.clusterIPs ?? [], previous.clusterIPs ?? []];
  const refuse = (at: number, words: string): void => void errors.push(invalidValue(`spec.clusterIPs[${at}]`, goStrings(addresses), words));
  if (addresses.length === old.length) {
    for (const [at, address] of old.entries()) if (address !== addresses[at]) refuse(at, "may not change once set");
    return;
  }
  if (addresses.length === 0) refuse(0, "primary clusterIP can not be unset");
  else if (old.length > 0 && addresses[0] !== old[0]) refuse(0, "may not change once set");
  if (addresses.length < old.length && addresses.length === 1) addReleaseErrors(errors, next, "clusterIP");
};

const addFamilyChangeErrors = (errors: FieldError[], next: ServiceSpec, previous: ServiceSpec): void => {
  const [families, old] = [next.ipFamilies ?? [], previous.ipFamilies ?? []];
  const refuse = (shown: readonly string[], words: string): void =>
    void errors.push(invalidValue("spec.ipFamilies[0]", goStrings(shown), words));
  if (families.length === old.length) {
    for (const [at, family] of old.entries()) if (family !== families[at]) refuse(families, "may not change once set");
    return;
  }
  if (families.length < old.length && (next.clusterIPs ?? []).length === 0) refuse(families, "primary ipFamily can not be unset");
  if (families.length > 0 && old.length > 0 && families[0] !== old[0]) refuse(next.clusterIPs ?? [], "may not change once set");
  if (families.length < old.length && families.length === 1) addReleaseErrors(errors, next, "ipFamily");
};

const addReleaseErrors = (errors: FieldError[], { ipFamilyPolicy }: ServiceSpec, what: string): void => {
  if (ipFamilyPolicy !== "SingleStack")
    errors.push(invalidValue("spec.ipFamilyPolicy", ipFamilyPolicy, `must be set to 'SingleStack' when releasing the secondary ${what}`));
};
