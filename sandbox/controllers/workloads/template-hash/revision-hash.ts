import { fnv32, safeEncode } from "./fnv.ts";

/** FNV-32 of a ControllerRevision's data and the number of names that were taken already (HashControllerRevision). */
export const revisionHash = (data: unknown, probe?: number): string =>
  safeEncode(String(fnv32(Buffer.from(goJson(data) + (probe === undefined ? "" : String(probe)), "utf8"))));

/** JSON as Go's encoding/json writes a map: keys sorted, and `<`, `>`, `&` and line separators escaped. */
export const goJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value === "string") return escaped(JSON.stringify(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([key, held]) => `${escaped(JSON.stringify(key))}:${goJson(held)}`).join(",")}}`;
};

const escaped = (text: string): string =>
  text.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
