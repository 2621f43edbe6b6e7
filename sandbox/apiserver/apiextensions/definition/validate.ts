import {
  forbiddenField,
  goStrings,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from "../../../apimachinery/validation/field-error.ts";
import { isDNS1035Label, isDNS1123Subdomain } from "../../../apimachinery/validation/names.ts";
import { approvalErrors } from "./api-approval.ts";
import { hasCondition, type CustomResourceDefinition, type DefinitionSpec, type DefinitionVersion } from "./definition.ts";
import { placesOf } from "./shape.ts";
import { openApiErrors } from "./schema-rules.ts";
import { structuralErrors } from "./structural.ts";
import { conversionErrors } from "./validate-conversion.ts";
import { defaultErrors } from "./validate-defaults.ts";
import { columnErrors, nameErrors, selectableErrors, subresourceErrors } from "./validate-parts.ts";
import { childrenOf, type JsonSchema } from "../schema/json-schema.ts";

/** What is wrong with the rules of a schema that is fine otherwise: they are compiled, and their cost is estimated. */
export type RuleCheck = (schema: JsonSchema, path: string, previous: CustomResourceDefinition | undefined) => readonly FieldError[];

const atRoot = [
  "Description",
  "Type",
  "Format",
  "Title",
  "Maximum",
  "ExclusiveMaximum",
  "Minimum",
  "ExclusiveMinimum",
  "MaxLength",
  "MinLength",
  "Pattern",
  "MaxItems",
  "MinItems",
  "UniqueItems",
  "MultipleOf",
  "Required",
  "Items",
  "Properties",
  "ExternalDocs",
  "Example",
  "XPreserveUnknownFields",
  "XValidations",
];
const rootKeys: ReadonlySet<string> = new Set([
  "description",
  "type",
  "format",
  "title",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "multipleOf",
  "required",
  "items",
  "properties",
  "externalDocs",
  "example",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
]);

const rootErrors = (schema: JsonSchema, path: string): FieldError[] => {
  if (schema.type !== undefined && schema.type !== "object")
    return [
      invalidValue(
        `${path}.type`,
        schema.type,
        `only "object" is allowed as the type at the root of the schema if the status subresource is enabled`,
      ),
    ];
  const odd = Object.entries(schema).find(([key, value]) => value !== undefined && !rootKeys.has(key));
  return odd
    ? [
        invalidValue(
          path,
          schema,
          `only [${atRoot.join(" ")}] fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      ]
    : [];
};

/** Keywords that a structural schema cannot have at all: where there is one, the schema is not looked at as a structural one. */
const unreadable = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

const isReadable = (schema: JsonSchema): boolean =>
  unreadable.every((keyword) => schema[keyword as keyof JsonSchema] === undefined) && childrenOf(schema).every(isReadable);

const schemaErrors = (
  schema: JsonSchema | undefined,
  where: string,
  hasStatus: boolean,
  check: RuleCheck,
  previous: CustomResourceDefinition | undefined,
): FieldError[] => {
  if (!schema) return [];
  const path = `${where}.openAPIV3Schema`;
  const errors = hasStatus ? rootErrors(schema, path) : [];
  if (schema.nullable) errors.push(forbiddenField(`${path}.nullable`, "nullable cannot be true at the root"));
  const open = openApiErrors(schema, path);
  const structural = isReadable(schema) ? structuralErrors(schema, path) : [];
  const defaults = structural.length > 0 ? [] : defaultErrors(schema, path);
  errors.push(...structural, ...defaults, ...open);
  return structural.length + defaults.length + open.length === 0 ? [...errors, ...check(schema, path, previous)] : errors;
};

const deprecationErrors = ({ deprecated, deprecationWarning: words }: DefinitionVersion, path: string): FieldError[] => {
  if (words === undefined) return [];
  const wrong = (sentence: string): FieldError[] => [invalidValue(`${path}.deprecationWarning`, words, sentence)];
  if (!deprecated) return wrong("can only be set for deprecated versions");
  if (words === "") return wrong("must not be an empty string");
  const odd = Array.from(words).findIndex((character) => !/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character));
  return [
    ...(words.length > 256 ? wrong("must be <= 256 characters long") : []),
    ...(odd >= 0 ? wrong(`must only contain printable UTF-8 characters; non-printable character found at index ${String(odd)}`) : []),
  ];
};

const versionErrors = (spec: DefinitionSpec, check: RuleCheck, previous: CustomResourceDefinition | undefined): FieldError[] => {
  const schemas = placesOf(spec, "schema");
  const subresources = placesOf(spec, "subresources");
  const columns = placesOf(spec, "additionalPrinterColumns");
  const selectable = placesOf(spec, "selectableFields");
  const errors: FieldError[] = [];
  for (const [at, version] of spec.versions.entries()) {
    const path = `spec.versions[${String(at)}]`;
    const sentences = isDNS1035Label(version.name);
    if (sentences.length > 0) errors.push(invalidValue(`${path}.name`, version.name, sentences.join(",")));
    errors.push(...deprecationErrors(version, path));
    const own = schemas.own[at];
    if (own)
      errors.push(...schemaErrors(version.schema?.openAPIV3Schema, own.path, version.subresources?.status !== undefined, check, previous));
    if (subresources.own[at]) errors.push(...subresourceErrors(version.subresources, subresources.own[at].path));
    if (columns.own[at]) errors.push(...columnErrors(version.additionalPrinterColumns, columns.own[at].path));
    if (selectable.own[at])
      errors.push(...selectableErrors(version.selectableFields, version.schema?.openAPIV3Schema, selectable.own[at].path));
  }
  return errors;
};

const commonErrors = (spec: DefinitionSpec, check: RuleCheck, previous: CustomResourceDefinition | undefined): FieldError[] => {
  const anyStatus = spec.versions.some((version) => version.subresources?.status !== undefined);
  const { common: schema } = placesOf(spec, "schema");
  const { common: subresources } = placesOf(spec, "subresources");
  const { common: columns } = placesOf(spec, "additionalPrinterColumns");
  const { common: selectable } = placesOf(spec, "selectableFields");
  return [
    ...(schema ? schemaErrors(schema.version.schema?.openAPIV3Schema, schema.path, anyStatus, check, previous) : []),
    ...(subresources ? subresourceErrors(subresources.version.subresources, subresources.path) : []),
    ...(columns ? columnErrors(columns.version.additionalPrinterColumns, columns.path) : []),
    ...(selectable
      ? selectableErrors(selectable.version.selectableFields, selectable.version.schema?.openAPIV3Schema, selectable.path)
      : []),
  ];
};

const groupErrors = (group: string): FieldError[] => {
  if (!group) return [required("spec.group")];
  const sentences = isDNS1123Subdomain(group);
  if (sentences.length > 0) return [invalidValue("spec.group", group, sentences.join(","))];
  return group.includes(".") ? [] : [invalidValue("spec.group", group, "should be a domain with at least one dot")];
};

const scopeErrors = (scope: string | undefined): FieldError[] => {
  if (!scope) return [required("spec.scope")];
  return scope === "Cluster" || scope === "Namespaced" ? [] : [notSupported("spec.scope", scope, ["Cluster", "Namespaced"])];
};

const specErrors = (spec: DefinitionSpec, check: RuleCheck, previous: CustomResourceDefinition | undefined): FieldError[] => {
  const { versions, names } = spec;
  const errors = [...groupErrors(spec.group), ...scopeErrors(spec.scope)];
  for (const [at, version] of versions.entries())
    if (!version.schema?.openAPIV3Schema)
      errors.push(required(`spec.versions[${String(at)}].schema.openAPIV3Schema`, "schemas are required"));
  errors.push(...versionErrors(spec, check, previous));
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalidValue("spec.versions", versions, "must contain unique version names"));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalidValue("spec.versions", versions, "must have exactly one version marked as storage version"));
  for (const name of ["plural", "singular", "kind", "listKind"] as const) if (!names[name]) errors.push(required(`spec.names.${name}`));
  return [
    ...errors,
    ...nameErrors(names, "spec.names"),
    ...commonErrors(spec, check, previous),
    ...conversionErrors(spec.conversion, "spec.conversion"),
  ];
};

const storedVersionErrors = ({ spec, status }: CustomResourceDefinition): FieldError[] => {
  const stored = status?.storedVersions ?? [];
  const path = "status.storedVersions";
  if (stored.length === 0) return [invalidValue(path, goStrings(status?.storedVersions), "must have at least one stored version")];
  const names = new Set(spec.versions.map(({ name }) => name));
  return [
    ...spec.versions
      .filter(({ name, storage }) => storage && !stored.includes(name))
      .map(({ name }) => invalidValue(path, goStrings(stored), `must have the storage version ${name}`)),
    ...stored.flatMap((version, at) =>
      names.has(version) ? [] : [invalidValue(`${path}[${String(at)}]`, version, "must appear in spec.versions")],
    ),
  ];
};

const preserveErrors = (next: CustomResourceDefinition, previous: CustomResourceDefinition | undefined): FieldError[] =>
  next.spec.preserveUnknownFields && !previous?.spec.preserveUnknownFields
    ? [
        invalidValue(
          "spec.preserveUnknownFields",
          true,
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
        ),
      ]
    : [];

/** Go prints a list that nobody gave as null. */
const withVersions = (definition: CustomResourceDefinition): CustomResourceDefinition =>
  (definition.spec.versions as readonly unknown[] | null) === null
    ? { ...definition, spec: { ...definition.spec, versions: [] } }
    : definition;

/** Everything wrong with a new definition (ValidateCustomResourceDefinition). */
export const validateDefinition = (given: CustomResourceDefinition, check: RuleCheck): FieldError[] => {
  const definition = withVersions(given);
  const { metadata, spec, status } = definition;
  const name = `${spec.names.plural}.${spec.group}`;
  return [
    ...(metadata.name === name ? [] : [invalidValue("metadata.name", metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...specErrors(spec, check, undefined),
    ...nameErrors(status?.acceptedNames, "status.acceptedNames"),
    ...storedVersionErrors(definition),
    ...approvalErrors(definition),
    ...preserveErrors(definition, undefined),
  ];
};

/** Everything wrong with a change (ValidateCustomResourceDefinitionUpdate). */
export const validateDefinitionUpdate = (
  given: CustomResourceDefinition,
  previous: CustomResourceDefinition,
  check: RuleCheck,
): FieldError[] => {
  const immutable = (field: string, value: unknown, old: unknown): FieldError[] =>
    value === old ? [] : [invalidValue(field, value, "field is immutable")];
  const next = withVersions(given);
  const { spec } = next;
  const old = previous.spec;
  return [
    ...specErrors(spec, check, previous),
    ...(hasCondition(previous, "Established")
      ? [...immutable("spec.scope", spec.scope, old.scope), ...immutable("spec.names.kind", spec.names.kind, old.names.kind)]
      : []),
    ...immutable("spec.group", spec.group, old.group),
    ...immutable("spec.names.plural", spec.names.plural, old.names.plural),
    ...nameErrors(next.status?.acceptedNames, "status.acceptedNames"),
    ...storedVersionErrors(next),
    ...approvalErrors(next, previous),
    ...preserveErrors(next, previous),
  ];
};
