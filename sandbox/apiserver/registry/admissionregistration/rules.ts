import type { MutatingWebhookConfiguration, RuleWithOperations } from "../../../api/types.ts";
import { goStrings, invalidValue, notSupported, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { isDNS1123Subdomain, isValidPortNum } from "../../../apimachinery/validation/names.ts";

type WebhookClientConfig = NonNullable<MutatingWebhookConfiguration["webhooks"]>[number]["clientConfig"];

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];

/** validateRuleWithOperations: which requests are meant. */
export const addOperationRuleErrors = (
  errors: FieldError[],
  { operations: asked = [], apiGroups = [], apiVersions = [], resources = [], scope }: RuleWithOperations,
  path: string,
  allowSubresources = true,
): void => {
  if (asked.length === 0) errors.push(required(`${path}.operations`));
  if (asked.length > 1 && asked.includes("*"))
    errors.push(invalidValue(`${path}.operations`, goStrings(asked), "if '*' is present, must not specify other operations"));
  for (const [at, operation] of asked.entries())
    if (!operations.includes(operation)) errors.push(notSupported(`${path}.operations[${at}]`, operation, operations));
  addListErrors(errors, apiGroups, `${path}.apiGroups`, "if '*' is present, must not specify other API groups", false);
  addListErrors(errors, apiVersions, `${path}.apiVersions`, "if '*' is present, must not specify other API versions", true);
  if (resources.length === 0) errors.push(required(`${path}.resources`));
  else if (allowSubresources) addResourceErrors(errors, resources, `${path}.resources`);
  if (scope !== undefined && !scopes.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, scopes));
};

const addListErrors = (errors: FieldError[], list: readonly string[], path: string, alone: string, each: boolean): void => {
  if (list.length === 0) errors.push(required(path));
  if (list.length > 1 && list.includes("*")) errors.push(invalidValue(path, goStrings(list), alone));
  if (each) for (const [at, entry] of list.entries()) if (entry === "") errors.push(required(`${path}[${at}]`));
};

/** validateResources: `*` and `a/*` swallow others, which then may not be named beside them. */
const addResourceErrors = (errors: FieldError[], resources: readonly string[], path: string): void => {
  const withSubresources = new Set<string>();
  const subresourcesOfAll = new Set<string>();
  let hasDoubleWildcard = false;
  let hasSingleWildcard = false;
  let hasWithoutSubresource = false;
  for (const [at, text] of resources.entries()) {
    if (text === "") {
      errors.push(required(`${path}[${at}]`));
      continue;
    }
    if (text === "*/*") hasDoubleWildcard = true;
    if (text === "*") hasSingleWildcard = true;
    const slash = text.indexOf("/");
    if (slash < 0) {
      hasWithoutSubresource ||= text !== "*";
      continue;
    }
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (withSubresources.has(resource))
      errors.push(invalidValue(`${path}[${at}]`, text, `if '${resource}/*' is present, must not specify ${text}`));
    if (subresourcesOfAll.has(subresource))
      errors.push(invalidValue(`${path}[${at}]`, text, `if '*/${subresource}' is present, must not specify ${text}`));
    if (resource === "*") subresourcesOfAll.add(subresource);
    if (subresource === "*") withSubresources.add(resource);
  }
  if (resources.length > 1 && hasDoubleWildcard)
    errors.push(invalidValue(path, goStrings(resources), "if '*/*' is present, must not specify other resources"));
  if (hasSingleWildcard && hasWithoutSubresource)
    errors.push(invalidValue(path, goStrings(resources), "if '*' is present, must not specify other resources without subresources"));
};

/** validateClientConfig: exactly one of a URL and a Service. */
export const addClientConfigErrors = (errors: FieldError[], config: WebhookClientConfig | undefined, path: string): void => {
  const { url, service } = config ?? {};
  if ((url === undefined) === (service === undefined)) return void errors.push(required(path, "exactly one of url or service is required"));
  if (url !== undefined) return addUrlErrors(errors, url, `${path}.url`);
  if (!service!.name) errors.push(required(`${path}.service.name`, "service name is required"));
  if (!service!.namespace) errors.push(required(`${path}.service.namespace`, "service namespace is required"));
  if (service!.port !== undefined)
    for (const sentence of isValidPortNum(service!.port))
      errors.push(invalidValue(`${path}.service.port`, service!.port, `port is not valid: ${sentence}`));
  addServicePathErrors(errors, service!.path, `${path}.service.path`);
};

const form = "; desired format: https://host[/path]";

const addUrlErrors = (errors: FieldError[], text: string, path: string): void => {
  const found = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(text);
  if (!found)
    return void errors.push(required(path, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URI for request${form}`));
  const [, scheme = "", authority = "", , query = "", fragment = ""] = found;
  const user = authority.includes("@") ? authority.slice(0, authority.lastIndexOf("@")) : "";
  if (scheme !== "https") errors.push(invalidValue(path, scheme, `'https' is the only allowed URL scheme${form}`));
  if (authority === "") errors.push(invalidValue(path, authority, `host must be specified${form}`));
  if (user !== "") errors.push(invalidValue(path, user, "user information is not permitted in the URL"));
  if (fragment !== "") errors.push(invalidValue(path, fragment, "fragments are not permitted in the URL"));
  if (query !== "") errors.push(invalidValue(path, query, "query parameters are not permitted in the URL"));
};

const addServicePathErrors = (errors: FieldError[], text: string | undefined, path: string): void => {
  if (text === undefined || text === "/") return;
  if (text === "//") return void errors.push(invalidValue(path, text, "segment[0] may not be empty"));
  if (!text.startsWith("/")) errors.push(invalidValue(path, text, "must start with a '/'"));
  const steps = text.slice(1).split("/");
  for (const [at, step] of steps.entries()) {
    if (step === "") {
      if (at === steps.length - 1) return;
      errors.push(invalidValue(path, text, `segment[${at}] may not be empty`));
      continue;
    }
    for (const sentence of isDNS1123Subdomain(step)) errors.push(invalidValue(path, text, `segment[${at}]: ${sentence}`));
  }
};
