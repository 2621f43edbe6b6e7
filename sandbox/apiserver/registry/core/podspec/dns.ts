import type { HostAlias, PodDNSConfig } from "../../../../api/types.ts";
import { goStrings, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isValidIP } from "../../../../apimachinery/validation/ip.ts";
import { isDNS1123Subdomain, isDNS1123SubdomainWithUnderscore } from "../../../../apimachinery/validation/names.ts";

/** In the order in which upstream lists them. */
const policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

/** What libc's resolver takes. */
const mostNameservers = 3;
const mostSearches = 32;
const longestSearches = 2048;

/** validateDNSPolicy. */
export const addDNSPolicyErrors = (errors: FieldError[], policy: string | undefined, path: string): void => {
  if (!policy) errors.push(required(path));
  else if (!policies.includes(policy)) errors.push(notSupported(path, policy, policies));
};

/** validatePodDNSConfig. */
export const addDNSConfigErrors = (
  errors: FieldError[],
  config: PodDNSConfig | undefined,
  policy: string | undefined,
  path: string,
  allowRelaxedSearch: boolean,
): void => {
  if (policy === "None" && !config) errors.push(required(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
  if (!config) return;
  const { nameservers = [], searches = [], options = [] } = config;
  if (policy === "None" && nameservers.length === 0) {
    errors.push(required(`${path}.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None"));
    return;
  }
  if (nameservers.length > mostNameservers)
    errors.push(invalidValue(`${path}.nameservers`, goStrings(nameservers), `must not have more than ${mostNameservers} nameservers`));
  for (const [at, server] of nameservers.entries()) addInvalid(errors, `${path}.nameservers[${at}]`, server, isValidIP(server));
  if (searches.length > mostSearches)
    errors.push(invalidValue(`${path}.searches`, goStrings(searches), `must not have more than ${mostSearches} search paths`));
  if (bytesOf(searches.join(" ")) > longestSearches) {
    const words = `must not have more than ${longestSearches} characters (including spaces) in the search list`;
    errors.push(invalidValue(`${path}.searches`, goStrings(searches), words));
  }
  for (const [at, search] of searches.entries()) {
    if (allowRelaxedSearch && search === ".") continue;
    const name = search.endsWith(".") ? search.slice(0, -1) : search;
    addInvalid(
      errors,
      `${path}.searches[${at}]`,
      name,
      allowRelaxedSearch ? isDNS1123SubdomainWithUnderscore(name) : isDNS1123Subdomain(name),
    );
  }
  for (const [at, { name }] of options.entries()) if (!name) errors.push(required(`${path}.options[${at}]`, "must not be empty"));
};

/** ValidateHostAliases. */
export const addHostAliasErrors = (errors: FieldError[], aliases: readonly HostAlias[], path: string): void => {
  for (const [at, { ip = "", hostnames }] of aliases.entries()) {
    addInvalid(errors, `${path}[${at}].ip`, ip, isValidIP(ip));
    hostnames?.forEach((hostname, nameAt) => {
      addInvalid(errors, `${path}[${at}].hostnames[${nameAt}]`, hostname, isDNS1123Subdomain(hostname));
    });
  }
};
