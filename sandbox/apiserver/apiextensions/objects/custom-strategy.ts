import { failure } from "../../../apimachinery/errors/status.ts";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import type { AnyObject, Draft } from "../../../apimachinery/meta/types.ts";
import { invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import type { Strategy, SubresourceStrategy } from "../../registry/strategy.ts";
import { hasCondition, type CustomResourceDefinition } from "../definition/definition.ts";
import { validateEmbedded } from "../schema/embedded.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { validateListTypes } from "../schema/list-types.ts";
import { validateValue } from "../schema/validate-value.ts";
import { bringIntoForm, customVersion, type CustomVersion } from "./custom-version.ts";
import { valueAtPath } from "./value-at-path.ts";

/** Runs the rules of a schema over an object and what it was before. */
export type CheckRules = (object: AnyObject, previous: AnyObject | undefined, schema: JsonSchema) => readonly FieldError[];

const blocking: ReadonlySet<string> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/** Rules cannot be trusted with objects of the wrong shape: they are left out, and that is said. */
const withRules = (errors: readonly FieldError[], run: () => readonly FieldError[], schema: JsonSchema): readonly FieldError[] => {
  if (!hasRules(schema)) return errors;
  if (errors.some(({ type }) => blocking.has(type)))
    return [
      ...errors,
      invalidValue(
        "<nil>",
        null,
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
      ),
    ];
  return [...errors, ...run()];
};

const ruled = new WeakMap<JsonSchema, boolean>();

/** Whether a schema has rules anywhere. */
const hasRules = (schema: JsonSchema): boolean => {
  let answer = ruled.get(schema);
  if (answer === undefined) {
    answer = JSON.stringify(schema).includes('"x-kubernetes-validations"');
    ruled.set(schema, answer);
  }
  return answer;
};

const mostReplicas = 2 ** 31 - 1;

const scaleErrors = (object: AnyObject, { version }: CustomVersion): FieldError[] => {
  const scale = version.subresources?.scale;
  if (!scale) return [];
  return [scale.specReplicasPath, scale.statusReplicasPath].flatMap((path = "") => {
    const replicas = valueAtPath(object, path);
    if (typeof replicas !== "number") return [];
    if (replicas < 0) return [invalidValue(path, replicas, "should be a non-negative integer")];
    return replicas > mostReplicas ? [invalidValue(path, replicas, `should be less than or equal to ${String(mostReplicas)}`)] : [];
  });
};

const contentOf = ({ metadata, ...content }: AnyObject): Readonly<Record<string, unknown>> => {
  const { name, generateName } = metadata;
  return { ...content, metadata: { ...(name !== undefined && { name }), ...(generateName !== undefined && { generateName }) } };
};

const schemaErrors = (next: AnyObject, previous: AnyObject | undefined, version: CustomVersion): readonly FieldError[] => {
  const { schema } = version;
  const duplicates = previous && validateListTypes(previous, schema, "").length > 0 ? [] : validateListTypes(next, schema, "");
  return [
    ...validateValue(contentOf(next), schema, "", previous && { value: contentOf(previous) }),
    ...scaleErrors(next, version),
    ...validateEmbedded(next, schema, ""),
    ...duplicates,
  ];
};

/** A changed object is a new generation; metadata does not count, nor does the status where it has an endpoint of its own. */
const setGeneration = (draft: Draft<AnyObject>, previous: AnyObject, hasStatus: boolean): void => {
  const counted = ({ metadata: _metadata, apiVersion: _version, status, ...rest }: AnyObject): unknown =>
    hasStatus ? rest : { ...rest, status };
  if (!deepEqual(counted(draft), counted(previous))) draft.metadata.generation = (previous.metadata.generation ?? 0) + 1;
};

const keep = (draft: Draft<AnyObject>, previous: AnyObject, key: string): void => {
  if (Object.hasOwn(previous, key)) draft[key] = previous[key];
  else Reflect.deleteProperty(draft, key);
};

/**
 * A custom resource as the API server sees it: what its definition says, and nothing else (customResourceStrategy). Versions differ in their
 * schemas; the request's counts.
 */
export const customStrategy = (definition: CustomResourceDefinition, checkRules: CheckRules): Strategy => {
  const { group, names, versions } = definition.spec;
  const byName = new Map(versions.map((version) => [version.name, customVersion(definition, version)]));
  const stored = versions.find(({ storage }) => storage) ?? versions[0];
  if (!stored) throw new Error(`${definition.metadata.name ?? ""} has no versions`);
  const fallback = customVersion(definition, stored);
  const versionOf = (name: string): CustomVersion => byName.get(name) ?? fallback;
  const isTerminating = hasCondition(definition, "Terminating");
  const validate = (next: AnyObject, previous: AnyObject | undefined, { version }: { readonly version: string }): readonly FieldError[] => {
    const custom = versionOf(version);
    return withRules(schemaErrors(next, previous, custom), () => checkRules(next, previous, custom.schema), custom.schema);
  };
  const status: SubresourceStrategy = {
    prepareForUpdate: (draft, previous) => {
      const { managedFields } = draft.metadata;
      for (const key of new Set([...Object.keys(draft), ...Object.keys(previous)]))
        if (key !== "status" && key !== "metadata" && key !== "apiVersion") keep(draft, previous, key);
      const { managedFields: _old, ...metadata } = previous.metadata;
      draft.metadata = { ...metadata, ...(managedFields && { managedFields }) } as Draft<AnyObject>["metadata"];
    },
    validateUpdate: validate,
    resetFields: ["metadata", "spec"],
  };
  const hasStatus = versions.some((version) => version.subresources?.status !== undefined);
  return {
    group,
    resource: names.plural,
    setDefaults: (draft, { version }) => {
      bringIntoForm(draft, versionOf(version));
    },
    prepareForCreate: (draft, { version }) => {
      if (isTerminating)
        throw failure(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating", {
          group,
          kind: names.plural,
        });
      if (versionOf(version).hasStatus) delete draft.status;
      draft.metadata.generation = 1;
    },
    prepareForUpdate: (draft, previous, { version }) => {
      const custom = versionOf(version);
      if (custom.hasStatus) keep(draft, previous, "status");
      setGeneration(draft, previous, custom.hasStatus);
    },
    validate: (object, context) => validate(object, undefined, context),
    validateUpdate: validate,
    ...(hasStatus && { resetFields: ["status"], subresources: { status } }),
    selectableFields: selectableFields(definition),
  };
};

const selectableFields = ({ spec }: CustomResourceDefinition): Readonly<Record<string, (object: AnyObject) => string>> => {
  const paths = spec.versions.flatMap(({ selectableFields = [] }) => selectableFields.map(({ jsonPath }) => jsonPath));
  return Object.fromEntries(
    paths.map((path) => [
      path.replace(/^\./, ""),
      (object: AnyObject): string => {
        const value = valueAtPath(object, path);
        return value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
      },
    ]),
  );
};
