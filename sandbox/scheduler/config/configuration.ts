import { parse, YAMLParseError } from "yaml";
import {
  duplicate,
  invalidValue,
  messageOf,
  notSupported,
  required,
  typeInvalid,
  type FieldError,
} from "../../apimachinery/validation/field-error.ts";
import { profileOf } from "./profiles.ts";
import { inTreePlugins, type PluginFactory } from "./registry.ts";
import type { ExtenderConfiguration, KubeSchedulerConfiguration, ProfileConfiguration, SchedulerOptions } from "./types.ts";

/** A configuration that cannot be used; `errors` say which fields are why. */
export class ConfigurationError extends Error {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super(errors.map((error) => `${error.field}: ${messageOf(error)}`).join("\n"));
    this.errors = errors;
  }
}

const apiVersions = ["kubescheduler.config.k8s.io/v1"];

/** Reads a KubeSchedulerConfiguration from YAML or JSON. Throws ConfigurationError. */
export const parseConfiguration = (text: string): KubeSchedulerConfiguration => {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ConfigurationError([typeInvalid("", text.slice(0, 80), error.message)]);
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigurationError([typeInvalid("", value, "must be an object")]);
  const { apiVersion, kind } = value as KubeSchedulerConfiguration;
  if (!apiVersions.includes(apiVersion ?? "")) throw new ConfigurationError([notSupported("apiVersion", apiVersion, apiVersions)]);
  if (kind !== "KubeSchedulerConfiguration") throw new ConfigurationError([notSupported("kind", kind, ["KubeSchedulerConfiguration"])]);
  const errors = shapeErrors(value);
  if (errors.length > 0) throw new ConfigurationError(errors);
  return value;
};

/** Fields that are followed into must be what they are taken for. */
const shapeErrors = ({ profiles, extenders }: KubeSchedulerConfiguration): FieldError[] => {
  const errors: FieldError[] = [];
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const list = (value: unknown, path: string, check: (item: Record<string, unknown>, path: string) => void): void => {
    if (value === undefined || value === null) return;
    if (!Array.isArray(value)) return void errors.push(typeInvalid(path, value, "must be an array"));
    value.forEach((item, index) => {
      const at = `${path}[${String(index)}]`;
      if (isObject(item)) check(item, at);
      else errors.push(typeInvalid(at, item, "must be an object"));
    });
  };
  list(profiles, "profiles", (profile, path) => {
    list(profile["pluginConfig"], `${path}.pluginConfig`, (entry, at) => {
      if (entry["args"] !== undefined && !isObject(entry["args"]))
        errors.push(typeInvalid(`${at}.args`, entry["args"], "must be an object"));
    });
    const plugins = profile["plugins"] ?? {};
    if (!isObject(plugins)) return void errors.push(typeInvalid(`${path}.plugins`, plugins, "must be an object"));
    for (const [point, set] of Object.entries(plugins)) {
      if (!isObject(set)) errors.push(typeInvalid(`${path}.plugins.${point}`, set, "must be an object"));
      else for (const part of ["enabled", "disabled"]) list(set[part], `${path}.plugins.${point}.${part}`, () => undefined);
    }
  });
  list(extenders, "extenders", () => undefined);
  return errors;
};

/** Fills in the defaults, validates, and makes the plugins of every profile. Throws ConfigurationError. */
export const schedulerOptions = (
  configuration: KubeSchedulerConfiguration = {},
  registry: ReadonlyMap<string, PluginFactory> = inTreePlugins,
): SchedulerOptions => {
  const {
    podInitialBackoffSeconds = 1,
    podMaxBackoffSeconds = 10,
    percentageOfNodesToScore = 0,
    parallelism,
    extenders = [],
  } = configuration;
  const errors: FieldError[] = [];
  if (!(podInitialBackoffSeconds > 0))
    errors.push(invalidValue("podInitialBackoffSeconds", podInitialBackoffSeconds, "must be greater than 0"));
  if (podMaxBackoffSeconds < podInitialBackoffSeconds)
    errors.push(invalidValue("podMaxBackoffSeconds", podMaxBackoffSeconds, "must be greater than or equal to PodInitialBackoffSeconds"));
  const checkPercentage = (percentage: number, path: string): void => {
    if (percentage < 0 || percentage > 100) errors.push(invalidValue(path, percentage, "not in valid range [0-100]"));
  };
  checkPercentage(percentageOfNodesToScore, "percentageOfNodesToScore");

  const given = configuration.profiles?.length ? configuration.profiles : [{}];
  const profiles = new Map<string, ReturnType<typeof profileOf>>();
  given.forEach((profile, index) => {
    const path = `profiles[${String(index)}]`;
    if (profile.percentageOfNodesToScore !== undefined)
      checkPercentage(profile.percentageOfNodesToScore, `${path}.percentageOfNodesToScore`);
    if (profile.schedulerName === undefined && given.length > 1) errors.push(required(`${path}.schedulerName`));
    const made = profileOf(withIgnoredResources(profile, extenders), registry, percentageOfNodesToScore, path, errors);
    if (profiles.has(made.schedulerName)) errors.push(duplicate(`${path}.schedulerName`, made.schedulerName));
    profiles.set(made.schedulerName, made);
  });
  const sorts = new Set([...profiles.values()].map(({ queueSort }) => queueSort.name));
  if (sorts.size > 1) errors.push(invalidValue("profiles", [...sorts], "queueSort plugin must be the same for all profiles"));
  errors.push(...extenderErrors(extenders));
  if (errors.length > 0) throw new ConfigurationError(errors);
  const notes = parallelism === undefined ? [] : [`parallelism ${String(parallelism)} is ignored: one cycle runs at a time`];
  return { profiles, extenders, podInitialBackoffSeconds, podMaxBackoffSeconds, notes };
};

/** Resources that an extender manages alone are none of NodeResourcesFit's business. */
const withIgnoredResources = (profile: ProfileConfiguration, extenders: readonly ExtenderConfiguration[]): ProfileConfiguration => {
  const ignored = extenders.flatMap(({ managedResources = [] }) =>
    managedResources.filter(({ ignoredByScheduler }) => ignoredByScheduler).map(({ name }) => name),
  );
  if (ignored.length === 0) return profile;
  const configs = profile.pluginConfig ?? [];
  const known = configs.find(({ name }) => name === "NodeResourcesFit");
  const own = (known?.args?.["ignoredResources"] ?? []) as readonly string[];
  const fit = { name: "NodeResourcesFit", args: { ...known?.args, ignoredResources: [...own, ...ignored] } };
  return { ...profile, pluginConfig: known ? configs.map((config) => (config === known ? fit : config)) : [...configs, fit] };
};

const extenderErrors = (extenders: readonly ExtenderConfiguration[]): FieldError[] => {
  const errors: FieldError[] = [];
  let binders = 0;
  extenders.forEach(({ urlPrefix, prioritizeVerb, weight = 0, bindVerb }, index) => {
    const path = `extenders[${String(index)}]`;
    if (!URL.canParse(urlPrefix)) errors.push(invalidValue(`${path}.urlPrefix`, urlPrefix, "must be a URL"));
    if (prioritizeVerb && weight <= 0) errors.push(invalidValue(`${path}.weight`, weight, "must have a positive weight applied to it"));
    if (bindVerb) binders++;
  });
  if (binders > 1)
    errors.push(invalidValue("extenders", `found ${String(binders)} extenders implementing bind`, "only one extender can implement bind"));
  return errors;
};
