import { duplicate, invalidValue, required, tooMany, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { isDNS1035Label } from "../../../apimachinery/validation/names.ts";
import type { DefinitionNames, PrinterColumn, Subresources } from "./definition.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { resolveFieldPath } from "./field-path.ts";

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const mostSelectableFields = 8;

const simplePath = (path: string, field: string): FieldError[] =>
  path.startsWith(".") ? [] : [invalidValue(field, path, "must be a simple json path starting with .")];

export const columnErrors = (columns: readonly PrinterColumn[] | undefined, path: string): FieldError[] =>
  (columns ?? []).flatMap(({ name = "", type = "", format = "", jsonPath = "" }, at) => {
    const where = `${path}[${String(at)}]`;
    const typeWords = `must be one of ${columnTypes.join(",")}`;
    return [
      ...(name === "" ? [required(`${where}.name`)] : []),
      ...(type === ""
        ? [required(`${where}.type`, typeWords)]
        : columnTypes.includes(type)
          ? []
          : [invalidValue(`${where}.type`, type, typeWords)]),
      ...(format !== "" && !columnFormats.includes(format)
        ? [invalidValue(`${where}.format`, format, `must be one of ${columnFormats.join(",")}`)]
        : []),
      ...(jsonPath === "" ? [required(`${where}.JSONPath`)] : simplePath(jsonPath, `${where}.JSONPath`)),
    ];
  });

const replicasPath = (value: string | undefined, roots: readonly string[], field: string, words: string): FieldError[] => {
  if (!value) return [];
  const errors = simplePath(value, field);
  if (errors.length > 0) return errors;
  return roots.some((root) => value.startsWith(root)) ? [] : [invalidValue(field, value, `should be a json path under ${words}`)];
};

export const subresourceErrors = (subresources: Subresources | undefined, path: string): FieldError[] => {
  const scale = subresources?.scale;
  if (!scale) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const where = `${path}.scale`;
  return [
    ...(specReplicasPath
      ? replicasPath(specReplicasPath, [".spec."], `${where}.specReplicasPath`, ".spec")
      : [required(`${where}.specReplicasPath`)]),
    ...(statusReplicasPath
      ? replicasPath(statusReplicasPath, [".status."], `${where}.statusReplicasPath`, ".status")
      : [required(`${where}.statusReplicasPath`)]),
    ...replicasPath(labelSelectorPath, [".spec.", ".status."], `${where}.labelSelectorPath`, "either .spec or .status"),
  ];
};

export const selectableErrors = (
  fields: readonly { readonly jsonPath?: string }[] | undefined,
  schema: JsonSchema | undefined,
  path: string,
): FieldError[] => {
  if (!fields || fields.length === 0) return [];
  if (!schema) return [invalidValue(path, "", "selectableFields may only be set when validations.schema is included")];
  const seen = new Set<string>();
  const errors = fields.flatMap(({ jsonPath = "" }, at) => {
    const where = `${path}[${String(at)}].jsonPath`;
    if (jsonPath === "") return [required(where)];
    const found = resolveFieldPath(jsonPath, schema, { arrays: false });
    if ("problem" in found) return [invalidValue(where, jsonPath, `is an invalid path: ${found.problem}`)];
    const wrong: FieldError[] = [];
    if (found.root === "metadata") wrong.push(invalidValue(where, jsonPath, "must not point to fields in metadata"));
    if (!["string", "boolean", "integer"].includes(found.schema.type ?? ""))
      wrong.push(
        invalidValue(
          where,
          jsonPath,
          "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
        ),
      );
    if (seen.has(found.path)) wrong.push(duplicate(where, jsonPath));
    seen.add(found.path);
    return wrong;
  });
  return seen.size > mostSelectableFields ? [...errors, tooMany(path, seen.size, mostSelectableFields)] : errors;
};

export const nameErrors = (names: Partial<DefinitionNames> | undefined, path: string): FieldError[] => {
  if (!names) return [];
  const label = (value: string | undefined, field: string, words = ""): FieldError[] => {
    const sentences = value ? isDNS1035Label(words === "" ? value : value.toLowerCase()) : [];
    return sentences.length > 0 ? [invalidValue(`${path}.${field}`, value, words + sentences.join(","))] : [];
  };
  const mixed = "may have mixed case, but should otherwise match: ";
  return [
    ...label(names.plural, "plural"),
    ...label(names.singular, "singular"),
    ...label(names.kind, "kind", mixed),
    ...label(names.listKind, "listKind", mixed),
    ...(names.shortNames ?? []).flatMap((name, at) => label(name, `shortNames[${String(at)}]`)),
    ...(names.kind && names.kind === names.listKind
      ? [invalidValue(`${path}.listKind`, names.listKind, "kind and listKind may not be the same")]
      : []),
    ...(names.categories ?? []).flatMap((name, at) => label(name, `categories[${String(at)}]`)),
  ];
};
