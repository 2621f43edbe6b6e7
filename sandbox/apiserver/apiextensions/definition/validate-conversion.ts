import {
  forbiddenField,
  goStrings,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from "../../../apimachinery/validation/field-error.ts";
import { isDNS1035Label } from "../../../apimachinery/validation/names.ts";
import type { Conversion } from "./definition.ts";

const strategies = ["None", "Webhook"];
const reviewVersions = ["v1", "v1beta1"];

const clientErrors = (conversion: Conversion, path: string): FieldError[] => {
  const config = conversion.webhook?.clientConfig;
  const where = `${path}.webhookClientConfig`;
  if (!config) return [required(where, "required when strategy is set to Webhook")];
  const { url, service } = config;
  if ((url === undefined) === (service === undefined)) return [required(where, "exactly one of url or service is required")];
  if (url !== undefined) return urlErrors(url, `${where}.url`);
  return [
    ...(service?.name ? [] : [required(`${where}.service.name`, "service name is required")]),
    ...(service?.namespace ? [] : [required(`${where}.service.namespace`, "service namespace is required")]),
    ...(service?.path !== undefined && service.path !== "" && !service.path.startsWith("/")
      ? [invalidValue(`${where}.service.path`, service.path, "must start with a '/'")]
      : []),
    ...(service?.port !== undefined && (service.port < 1 || service.port > 65_535)
      ? [invalidValue(`${where}.service.port`, service.port, "port is not valid: must be between 1 and 65535, inclusive")]
      : []),
  ];
};

/** A webhook's URL (ValidateWebhookURL): https, a host, no user, fragment or query. */
export const urlErrors = (text: string, path: string): FieldError[] => {
  const form = "; desired format: https://host[/path]";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return [required(path, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URI for request${form}`)];
  }
  const errors: FieldError[] = [];
  if (url.protocol !== "https:")
    errors.push(invalidValue(path, url.protocol.slice(0, -1), `'https' is the only allowed URL scheme${form}`));
  if (url.host === "") errors.push(invalidValue(path, "", `host must be specified${form}`));
  if (url.username !== "" || url.password !== "")
    errors.push(invalidValue(path, url.username, "user information is not permitted in the URL"));
  if (url.hash !== "") errors.push(invalidValue(path, url.hash.slice(1), "fragments are not permitted in the URL"));
  if (url.search !== "") errors.push(invalidValue(path, url.search.slice(1), "query parameters are not permitted in the URL"));
  return errors;
};

const reviewErrors = (versions: readonly string[], path: string): FieldError[] => {
  if (versions.length === 0) return [required(path)];
  const errors = versions.flatMap((version, at) => {
    const where = `${path}[${String(at)}]`;
    if (versions.indexOf(version) < at) return [invalidValue(where, version, "duplicate version")];
    return isDNS1035Label(version).map((sentence) => invalidValue(where, version, sentence));
  });
  if (versions.some((version) => reviewVersions.includes(version))) return errors;
  return [...errors, invalidValue(path, goStrings(versions), `must include at least one of ${reviewVersions.join(", ")}`)];
};

/** What is wrong with the way from version to version (validateCustomResourceConversion). */
export const conversionErrors = (conversion: Conversion | undefined, path: string): FieldError[] => {
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  const strategyErrors =
    strategy === ""
      ? [required(`${path}.strategy`)]
      : strategies.includes(strategy)
        ? []
        : [notSupported(`${path}.strategy`, strategy, strategies)];
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy === "Webhook")
    return [...strategyErrors, ...clientErrors(conversion, path), ...reviewErrors(versions, `${path}.conversionReviewVersions`)];
  return [
    ...strategyErrors,
    ...(webhook?.clientConfig
      ? [forbiddenField(`${path}.webhookClientConfig`, "should not be set when strategy is not set to Webhook")]
      : []),
    ...(versions.length > 0
      ? [forbiddenField(`${path}.conversionReviewVersions`, "should not be set when strategy is not set to Webhook")]
      : []),
  ];
};
