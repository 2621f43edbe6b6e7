import type { AnyObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { compare } from "./compare.ts";
import { difference, type FieldSet } from "./field-set.ts";
import { toFieldSet } from "./to-field-set.ts";
import { isMap } from "./typed.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";
/** ValidateAnnotationsSize: all keys and values together. */
const mostAnnotationBytes = 256 * 1024;

/** The manager whose server-side applies take over from `kubectl apply` on the client. */
export const kubectl = "kubectl";

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
};

const encoded = (applied: AnyObject): string => {
  const { [annotation]: _, ...annotations } = applied.metadata.annotations ?? {};
  const bare = applied.metadata.annotations ? { ...applied, metadata: { ...applied.metadata, annotations } } : applied;
  const text = JSON.stringify(sorted(bare)).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
};

/** Keeps the annotation of client-side apply in step with what kubectl applies, where there is one (lastAppliedUpdater). */
export const withLastApplied = (object: AnyObject, applied: AnyObject): AnyObject => {
  if (!object.metadata.annotations?.[annotation]) return object;
  const { [annotation]: _, ...rest } = object.metadata.annotations;
  const annotations = { ...rest, [annotation]: encoded(applied) };
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return { ...object, metadata: { ...object.metadata, annotations: size > mostAnnotationBytes ? rest : annotations } };
};

/** Fields that client-side apply set and nobody changed since: kubectl may take those over without force. Undefined where there is no usable annotation. */
export const fieldsOfLastApplied = (live: AnyObject, version: string, schema: ObjectSchema): FieldSet | undefined => {
  const text = live.metadata.annotations?.[annotation];
  if (!text) return undefined;
  try {
    const last: unknown = JSON.parse(text);
    if (!isMap(last) || last["apiVersion"] !== version) return undefined;
    const { removed, modified, added } = compare(last, live, schema);
    return difference(difference(difference(toFieldSet(last, schema), modified), added), removed);
  } catch {
    return undefined;
  }
};
