import { isMap } from "./go-text.ts";
import { malformed } from "./refusals.ts";

const put = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
};

/** What a patch alone amounts to where there is nothing to merge it into: its nulls fall away. */
const withoutNulls = (patch: unknown): unknown => {
  if (!isMap(patch)) return patch;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(patch)) if (patch[key] !== null) put(kept, key, withoutNulls(patch[key]));
  return kept;
};

const merged = (target: unknown, patch: unknown): unknown => {
  if (!isMap(patch)) return patch;
  if (!isMap(target)) return withoutNulls(patch);
  const result: Record<string, unknown> = { ...target };
  for (const key of Object.keys(patch)) {
    if (patch[key] === null) Reflect.deleteProperty(result, key);
    else put(result, key, merged(Object.hasOwn(target, key) ? target[key] : undefined, patch[key]));
  }
  return result;
};

/** Applies a JSON merge patch (RFC 7386): null removes, maps merge, everything else replaces. Throws BadRequest where the patch is no object. */
export const applyMergePatch = (object: unknown, body: unknown): unknown => {
  if (isMap(body)) return merged(object, body);
  const type = Array.isArray(body) ? "array" : body === null ? "null" : typeof body === "boolean" ? "bool" : typeof body;
  throw malformed(
    body === null
      ? "Invalid JSON Patch"
      : `error decoding patch: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
  );
};
