import type { ResourceFact } from "./resource-facts.ts";
import { schemaNameOf } from "./schema-names.ts";

/** The TypeScript source with a `ResourceType` value for each resource: `pods`, `horizontalPodAutoscalers`, `autoscalingV1HorizontalPodAutoscalers`. */
export const resourcesSource = (facts: readonly ResourceFact[], names: ReadonlyMap<string, string>): string => {
  const resources = facts.filter(({ resource }) => !resource.includes("/"));
  const typeOf = (fact: ResourceFact): string => names.get(schemaNameOf(fact.group, fact.version, fact.kind))!;
  const values = resources.map((fact) => {
    const { group, version, resource, kind, namespaced } = fact;
    const type = typeOf(fact);
    return `export const ${valueName(resource, kind, type)}: ResourceType<types.${type}> = ${JSON.stringify({ group, version, resource, kind, namespaced })};\n`;
  });
  const all = resources.map((fact) => valueName(fact.resource, fact.kind, typeOf(fact)));
  return [
    "// Made by `npm run generate`.\n",
    `import type { ResourceType } from "../../apimachinery/meta/types.ts";\nimport type * as types from "./types.ts";\n`,
    ...values,
    `/** Every built-in resource of every release. */\nexport const builtInResources: readonly ResourceType[] = [\n  ${all.join(",\n  ")},\n];\n`,
  ].join("\n");
};

/** `NetworkPolicy`, `networkpolicies` → `networkPolicies`; a prefix of the type's name goes in front. */
const valueName = (resource: string, kind: string, type: string): string => {
  let same = 0;
  while (same < kind.length && kind[same]!.toLowerCase() === resource[same]) same++;
  const plural = kind.slice(0, same) + resource.slice(same);
  return decapitalized(type.slice(0, type.length - kind.length) + plural);
};

/** `CSIDrivers` → `csiDrivers`, `PodTemplates` → `podTemplates`. */
const decapitalized = (name: string): string => name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (capitals) => capitals.toLowerCase());
