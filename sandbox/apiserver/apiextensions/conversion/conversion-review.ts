import { messageOf } from "../../../apimachinery/validation/field-error.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import { validateObjectMeta } from "../../../apimachinery/validation/object-meta.ts";
import { isMap } from "../schema/json-schema.ts";

/** Why what a conversion webhook answered is not taken. */
export class BadConversion extends Error {}

/** `example.com/v1, Kind=Widget`. */
export const kindWords = ({ apiVersion = "", kind = "" }: { readonly apiVersion?: string; readonly kind?: string }): string =>
  `${apiVersion}, Kind=${kind}`;

const review = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadConversion(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ""}`);
  }
  if (!isMap(value)) throw new BadConversion("couldn't get version/kind; json parse error: not an object");
  if (typeof value["kind"] !== "string" || value["kind"] === "") throw new BadConversion(`Object 'Kind' is missing in '${text}'`);
  if (typeof value["apiVersion"] !== "string" || value["apiVersion"] === "")
    throw new BadConversion(`Object 'apiVersion' is missing in '${text}'`);
  return value;
};

/** The objects within what a webhook answered (getConvertedObjectsFromResponse). Throws BadConversion. */
export const convertedIn = (text: string, version: string, uid: string): readonly unknown[] => {
  const { apiVersion, kind, response } = review(text);
  const expected = { apiVersion: `apiextensions.k8s.io/${version}`, kind: "ConversionReview" };
  if (apiVersion !== expected.apiVersion || kind !== expected.kind)
    throw new BadConversion(
      `expected webhook response of ${kindWords(expected)}, got ${kindWords({ apiVersion: String(apiVersion), kind: String(kind) })}`,
    );
  if (!isMap(response)) throw new BadConversion("no response provided");
  const { uid: answered, result, convertedObjects } = response;
  const given = typeof answered === "string" ? answered : "";
  if (given !== uid) throw new BadConversion(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(given)}`);
  const { status = "", message = "" } = (isMap(result) ? result : {}) as { readonly status?: string; readonly message?: string };
  if (status !== "Success") throw new BadConversion(message !== "" ? message : `response.result.status was '${status}', not 'Success'`);
  return Array.isArray(convertedObjects) ? convertedObjects : [];
};

const goType = (value: unknown): string => {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  return { string: "string", boolean: "bool", number: Number.isInteger(value) ? "int64" : "float64" }[typeof value as string] ?? "unknown";
};

/** What is wrong with the form of a converted object, before its metadata is looked at; undefined where nothing is. */
export const problemOf = (converted: unknown, original: AnyObject, apiVersion: string): string | undefined => {
  if (!isMap(converted)) return "Object 'Kind' is missing";
  const { apiVersion: version, kind, metadata } = converted as Partial<AnyObject>;
  if (version !== apiVersion) return `invalid groupVersion (expected ${apiVersion}, received ${version ?? ""})`;
  if (kind !== original.kind) return `invalid kind (expected ${original.kind ?? ""}, received ${kind ?? ""})`;
  const given: Readonly<Record<string, unknown>> = isMap(metadata) ? metadata : {};
  for (const [key, word] of [
    ["name", "name"],
    ["namespace", "namespace"],
    ["uid", "UID"],
  ] as const) {
    const [was, is] = [original.metadata[key] ?? "", given[key] ?? ""];
    if (was !== is) return `must have the same ${word}: ${was} != ${typeof is === "string" ? is : JSON.stringify(is)}`;
  }
  return undefined;
};

const isStringMap = (value: unknown): value is Readonly<Record<string, string>> =>
  isMap(value) && Object.values(value).every((each) => typeof each === "string");

/** The converted object with the metadata it had: only labels and annotations are the webhook's to change (restoreObjectMeta). Throws BadConversion. */
export const withOwnMetadata = (converted: AnyObject, original: AnyObject): AnyObject => {
  const given = converted.metadata as unknown;
  if (given === undefined) throw new BadConversion("missing metadata in converted object");
  if (!isMap(given)) throw new BadConversion(`invalid metadata of type ${goType(given)} in converted object`);
  const { labels: _labels, annotations: _annotations, ...kept } = original.metadata;
  const changed: Record<string, Readonly<Record<string, string>>> = {};
  for (const key of ["labels", "annotations"] as const) {
    const value = given[key];
    if (value === undefined || value === null) continue;
    if (!isStringMap(value)) throw new BadConversion(`invalid metadata of type ${goType(value)} in converted object`);
    changed[key] = value;
  }
  const metadata = { ...kept, ...changed };
  const errors = validateObjectMeta({ ...changed, name: "x" }, false, () => []);
  if (errors.length > 0) {
    const messages = errors.map(messageOf).map((words, at) => `${errors[at]!.field}: ${words}`);
    throw new BadConversion(messages.length === 1 ? messages[0] : `[${messages.join(", ")}]`);
  }
  return { ...converted, metadata };
};
