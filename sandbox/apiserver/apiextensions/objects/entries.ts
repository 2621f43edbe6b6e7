import type { Schema } from "../../../apimachinery/schema/schema.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { ResourceEntry, StoredKind, Subresource } from "../../registry/entry.ts";
import { prefixOf } from "../../registry/keys.ts";
import { webhookConversion, type ConversionCalls } from "../conversion/webhook-conversion.ts";
import type { CustomResourceDefinition, DefinitionVersion } from "../definition/definition.ts";
import { toSchema } from "../schema/to-schema.ts";
import { customStrategy, type CheckRules } from "./custom-strategy.ts";
import { customVersion, inForm } from "./custom-version.ts";
import { deprecationOf } from "./deprecation.ts";

const verbs: ReadonlySet<string> = new Set(["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]);

export interface EntryFacts {
  /** ObjectMeta, as the release has it. */
  readonly metadata: Schema;
  readonly checkRules: CheckRules;
  readonly conversionCalls: ConversionCalls;
}

/** Served resources of a definition, one a version: what the registry takes. */
export const entriesOf = (definition: CustomResourceDefinition, { metadata, checkRules, conversionCalls }: EntryFacts): ResourceEntry[] => {
  const { spec, status } = definition;
  const names = { ...spec.names, ...status?.acceptedNames };
  const storage = spec.versions.find((version) => version.storage) ?? spec.versions[0];
  if (!storage) return [];
  const stored: StoredKind = {
    group: spec.group,
    resource: spec.names.plural,
    kind: names.kind,
    version: storage.name,
    namespaced: spec.scope === "Namespaced",
    prefix: prefixOf({ group: spec.group, resource: spec.names.plural, custom: true }),
    strategy: customStrategy(definition, checkRules),
  };
  const convert =
    spec.conversion?.strategy === "Webhook" && spec.versions.length > 1 ? webhookConversion(spec.conversion, conversionCalls) : undefined;
  const storedVersion = `${spec.group}/${storage.name}`;
  return spec.versions
    .filter(({ served }) => served)
    .map((version) => {
      const custom = customVersion(definition, version);
      const apiVersion = `${spec.group}/${version.name}`;
      const deprecation = deprecationOf(definition, version);
      const scale = version.subresources?.scale;
      const entry: ResourceEntry = {
        group: spec.group,
        version: version.name,
        resource: spec.names.plural,
        kind: names.kind,
        namespaced: stored.namespaced,
        verbs,
        subresources: subresourcesOf(definition, version),
        stored: convert ? { ...stored, version: version.name } : stored,
        schema: toSchema(version.schema?.openAPIV3Schema, metadata),
        ...(convert
          ? {
              conversion: {
                storedVersion,
                toStored: async (object) => (await convert([object], storedVersion))[0] ?? object,
                fromStored: async (objects) => (await convert(objects, apiVersion)).map((object) => inForm(object, custom)),
              },
            }
          : {
              fromStored: (object) => inForm(withVersion(object, apiVersion), custom),
              toStored: (object) => withVersion(object, storedVersion),
            }),
        custom: {
          ...(scale && {
            scale: {
              specReplicasPath: scale.specReplicasPath ?? "",
              statusReplicasPath: scale.statusReplicasPath ?? "",
              ...(scale.labelSelectorPath !== undefined && { labelSelectorPath: scale.labelSelectorPath }),
            },
          }),
        },
        ...(deprecation !== undefined && { deprecation }),
        names: {
          ...(names.singular !== undefined && { singular: names.singular }),
          ...(names.shortNames && { shortNames: names.shortNames }),
          ...(names.categories && { categories: names.categories }),
        },
      };
      return entry;
    });
};

const withVersion = (object: AnyObject, apiVersion: string): AnyObject =>
  object.apiVersion === apiVersion ? object : { ...object, apiVersion };

const subresourcesOf = (
  { spec }: CustomResourceDefinition,
  { name, subresources }: DefinitionVersion,
): ReadonlyMap<string, Subresource> => {
  const found = new Map<string, Subresource>();
  const { kind } = spec.names;
  if (subresources?.status)
    found.set("status", { name: "status", kind, group: spec.group, version: name, verbs: ["get", "patch", "update"] });
  if (subresources?.scale)
    found.set("scale", { name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "patch", "update"] });
  return found;
};
