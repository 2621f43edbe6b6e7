import { badRequest, invalid } from "../../apimachinery/errors/constructors.ts";
import type { OperationOptions, PatchType, Verb } from "../../apimachinery/operation/operation.ts";
import {
  forbiddenField,
  goStrings,
  invalidValue,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from "../../apimachinery/validation/field-error.ts";
import { isTrue } from "./request-info.ts";

type Draft = { -readonly [Key in keyof OperationOptions]: OperationOptions[Key] };

/** Options of every verb, as the query has them. Throws 400 for what is no number, 422 for values that do not exist. */
export const queryOptions = (query: URLSearchParams, verb: Verb, patchType?: PatchType): OperationOptions => {
  const options: Draft = {};
  switch (verb) {
    case "list":
    case "watch":
      readListOptions(query, options);
      return options;
    case "create":
    case "update":
    case "patch":
      readWriteOptions(query, options, verb, patchType);
      return options;
    case "delete":
      readDeleteOptions(query, options);
      refuse("DeleteOptions", [...deletionErrors(options), ...dryRunErrors(query.getAll("dryRun"))]);
      return options;
    case "deletecollection":
      readListOptions(query, options);
      readDeleteOptions(query, options);
      refuse("DeleteOptions", [...deletionErrors(options), ...dryRunErrors(query.getAll("dryRun"))]);
      return options;
    case "get":
      readText(query, options, "resourceVersion");
      return options;
  }
};

type TextOption = {
  [Key in keyof OperationOptions]-?: NonNullable<OperationOptions[Key]> extends string ? Key : never;
}[keyof OperationOptions];
type FlagOption = {
  [Key in keyof OperationOptions]-?: NonNullable<OperationOptions[Key]> extends boolean ? Key : never;
}[keyof OperationOptions];
type NumberOption = {
  [Key in keyof OperationOptions]-?: NonNullable<OperationOptions[Key]> extends number ? Key : never;
}[keyof OperationOptions];

const readText = (query: URLSearchParams, options: Draft, ...names: readonly TextOption[]): void => {
  for (const name of names) {
    const value = query.get(name);
    if (value !== null && value !== "") (options as Record<TextOption, string>)[name] = value;
  }
};

const readFlags = (query: URLSearchParams, options: Draft, ...names: readonly FlagOption[]): void => {
  for (const name of names) if (query.has(name)) options[name] = isTrue(query.get(name));
};

const readNumbers = (query: URLSearchParams, options: Draft, ...names: readonly NumberOption[]): void => {
  for (const name of names) {
    const value = query.get(name);
    if (value !== null) options[name] = parseInt64(value);
  }
};

/** Go's strconv.ParseInt, with its words. */
const parseInt64 = (value: string): number => {
  if (!/^[+-]?[0-9]+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  const number = BigInt(value);
  if (number !== BigInt.asIntN(64, number)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  return Number(number);
};

const readListOptions = (query: URLSearchParams, options: Draft): void => {
  readText(query, options, "labelSelector", "fieldSelector", "continue", "resourceVersion", "resourceVersionMatch");
  readFlags(query, options, "allowWatchBookmarks", "sendInitialEvents");
  readNumbers(query, options, "limit", "timeoutSeconds");
};

const kinds = { create: "CreateOptions", update: "UpdateOptions", patch: "PatchOptions" } as const;

const readWriteOptions = (
  query: URLSearchParams,
  options: Draft,
  verb: "create" | "update" | "patch",
  patchType: PatchType | undefined,
): void => {
  const dryRun = query.getAll("dryRun");
  if (dryRun.length > 0) options.dryRun = true;
  readText(query, options, "fieldManager", "fieldValidation");
  const errors: FieldError[] = [];
  if (verb === "patch") {
    readFlags(query, options, "force");
    if (patchType === "apply") {
      if (options.fieldManager === undefined) errors.push(required("fieldManager", "is required for apply patch"));
    } else if (options.force !== undefined) errors.push(forbiddenField("force", "may not be specified for non-apply patch"));
  }
  errors.push(
    ...fieldManagerErrors(options.fieldManager ?? ""),
    ...dryRunErrors(dryRun),
    ...fieldValidationErrors(options.fieldValidation),
  );
  refuse(kinds[verb], errors);
};

const readDeleteOptions = (query: URLSearchParams, options: Draft): void => {
  readNumbers(query, options, "gracePeriodSeconds");
  readText(query, options, "propagationPolicy");
  readFlags(query, options, "orphanDependents", "ignoreStoreReadErrorWithClusterBreakingPotential");
  if (query.has("dryRun")) options.dryRun = true;
};

const policies = ["Foreground", "Background", "Orphan"];

/** Upstream's ValidateDeleteOptions, but for dryRun. */
export const deletionErrors = ({ propagationPolicy, orphanDependents }: OperationOptions): FieldError[] => {
  const errors: FieldError[] = [];
  if (propagationPolicy !== undefined && orphanDependents !== undefined)
    errors.push(invalidValue("propagationPolicy", propagationPolicy, "orphanDependents and deletionPropagation cannot be both set"));
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy))
    errors.push(notSupported("propagationPolicy", propagationPolicy, [...policies, "nil"]));
  return errors;
};

/** The only dry run there is runs all stages. */
export const dryRunErrors = (values: readonly string[]): FieldError[] =>
  values.every((value) => value === "All") ? [] : [notSupported("dryRun", goStrings(values), ["All"])];

const fieldValidationErrors = (value: string | undefined): FieldError[] =>
  value === undefined || ["Ignore", "Warn", "Strict"].includes(value)
    ? []
    : [notSupported("fieldValidation", value, ["", "Ignore", "Strict", "Warn"])];

const longestManager = 128;

const fieldManagerErrors = (manager: string): FieldError[] => {
  if (Buffer.byteLength(manager) > longestManager) return [tooLong("fieldManager", longestManager)];
  let position = 0;
  for (const character of manager) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return [invalidValue("fieldManager", manager, `invalid character U+${code} (at position ${String(position)})`)];
    }
    position += Buffer.byteLength(character);
  }
  return [];
};

export const refuse = (kind: string, errors: readonly FieldError[]): void => {
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", errors);
};
