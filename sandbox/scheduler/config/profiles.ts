import { forbiddenField, invalidValue, missing, type FieldError } from "../../apimachinery/validation/field-error.ts";
import type { Plugin } from "../framework/plugin.ts";
import type { Profile, WeightedPlugin } from "../framework/profile.ts";
import { defaultPlugins } from "./default-plugins.ts";
import { pluginArgs, validatePluginArgs } from "./plugin-args.ts";
import type { PluginFactory } from "./registry.ts";
import { extensionPoints, type ExtensionPoint, type PluginReference, type PluginSet, type ProfileConfiguration } from "./types.ts";

/** The method that makes a plugin one of an extension point. */
const methodOf: Readonly<Record<ExtensionPoint, keyof Plugin>> = {
  preEnqueue: "preEnqueue",
  queueSort: "less",
  preFilter: "preFilter",
  filter: "filter",
  postFilter: "postFilter",
  preScore: "preScore",
  score: "score",
  reserve: "reserve",
  permit: "permit",
  preBind: "preBind",
  bind: "bind",
  postBind: "postBind",
};

/** Defaults with what a profile says about them: disabled ones go, configured ones take their place, others follow (mergePluginSet). */
const merged = (defaults: readonly PluginReference[], { enabled = [], disabled = [] }: PluginSet): readonly PluginReference[] => {
  const without = new Set(disabled.map(({ name }) => name));
  const own = new Map(enabled.map((plugin) => [plugin.name, plugin]));
  const kept = without.has("*") ? [] : defaults.filter(({ name }) => !without.has(name));
  const replaced = new Set(kept.map(({ name }) => name).filter((name) => own.has(name)));
  return [...kept.map((plugin) => own.get(plugin.name) ?? plugin), ...enabled.filter(({ name }) => !replaced.has(name))];
};

/** One profile, its plugins made and put in order; what is wrong is added to `errors`. */
export const profileOf = (
  configuration: ProfileConfiguration,
  registry: ReadonlyMap<string, PluginFactory>,
  percentageOfNodesToScore: number,
  path: string,
  errors: FieldError[],
): Profile => {
  const { plugins = {}, pluginConfig = [], schedulerName = "default-scheduler" } = configuration;
  const args = pluginArgs(new Map(pluginConfig.map(({ name, args = {} }) => [name, args])));
  const indexes = new Map(pluginConfig.map(({ name }, index) => [name, index]));
  errors.push(...validatePluginArgs(args, indexes, `${path}.pluginConfig`));
  pluginConfig.forEach(({ name }, index) => {
    if (!registry.has(name)) errors.push(missing(`${path}.pluginConfig[${String(index)}]`, name));
    else if (indexes.get(name) !== index)
      errors.push(invalidValue(`${path}.pluginConfig[${String(index)}]`, name, "repeated config for plugin"));
  });

  const made = new Map<string, Plugin>();
  const pluginNamed = (name: string, field: string): Plugin | undefined => {
    const known = made.get(name);
    if (known) return known;
    const factory = registry.get(name);
    if (!factory) {
      errors.push(missing(field, name));
      return undefined;
    }
    const plugin = factory(args);
    made.set(name, plugin);
    return plugin;
  };

  const multiPoint = merged(defaultPlugins, plugins.multiPoint ?? {});
  const everywhere = multiPoint.flatMap((reference) => {
    const plugin = pluginNamed(reference.name, `${path}.plugins.multiPoint`);
    return plugin ? [{ reference, plugin }] : [];
  });

  const at = (point: ExtensionPoint): Plugin[] => {
    const { enabled = [], disabled = [] } = plugins[point] ?? {};
    const field = `${path}.plugins.${point}`;
    const own = enabled.flatMap(({ name }) => {
      const plugin = pluginNamed(name, field);
      if (plugin && plugin[methodOf[point]] === undefined) {
        errors.push(forbiddenField(field, `plugin ${JSON.stringify(name)} does not extend ${point} plugin`));
        return [];
      }
      return plugin ? [plugin] : [];
    });
    if (new Set(own).size < own.length)
      errors.push(invalidValue(field, own.map(({ name }) => name).join(","), "plugin is already registered"));
    const without = new Set(disabled.map(({ name }) => name));
    if (without.has("*")) return own;
    const fromMultiPoint = everywhere
      .map(({ plugin }) => plugin)
      .filter((plugin) => plugin[methodOf[point]] !== undefined && !without.has(plugin.name));
    // Those configured at this very point go first, in their order, where multiPoint has them too.
    const overriding = own.filter((plugin) => fromMultiPoint.includes(plugin));
    return [
      ...overriding,
      ...fromMultiPoint.filter((plugin) => !own.includes(plugin)),
      ...own.filter((plugin) => !overriding.includes(plugin)),
    ];
  };

  const weights = new Map<string, number>();
  for (const { name, weight } of [...(plugins.score?.enabled ?? []), ...multiPoint]) if (!weights.has(name)) weights.set(name, weight || 1);
  const points = Object.fromEntries(extensionPoints.map((point) => [point, at(point)])) as Record<ExtensionPoint, Plugin[]>;
  if (points.queueSort.length !== 1)
    errors.push(invalidValue(`${path}.plugins.queueSort`, points.queueSort.length, "exactly one queue sort plugin is required"));
  if (points.bind.length === 0) errors.push(invalidValue(`${path}.plugins.bind`, 0, "at least one bind plugin is needed"));
  return {
    ...points,
    schedulerName,
    percentageOfNodesToScore: configuration.percentageOfNodesToScore ?? percentageOfNodesToScore,
    queueSort: points.queueSort[0] ?? { name: "" },
    score: points.score.map((plugin): WeightedPlugin => ({ plugin, weight: weights.get(plugin.name) ?? 1 })),
  };
};
