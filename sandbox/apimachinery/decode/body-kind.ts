import { NumberLiteral } from "./json-reader.ts";
import { UnreadableBody } from "./parse-body.ts";

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const typeWithKind = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;

/** The kind that a body says it is of, completed by the expected one (upstream's SimpleMetaFactory and gvkWithDefaults). Throws UnreadableBody. */
export const kindOfBody = (value: unknown, expected: GroupVersionKind): GroupVersionKind => {
  if (value !== null && (typeof value !== "object" || Array.isArray(value) || value instanceof NumberLiteral))
    throw unreadable(`json: cannot unmarshal ${wordFor(value)} into Go value of type ${typeWithKind}`);
  const { apiVersion = "", kind = "" } = textMembers(value);
  const [group, version] = groupVersionOf(apiVersion);
  const hasNoVersion = version === "" && (group === "" || group === expected.group);
  return {
    group: hasNoVersion ? expected.group : group,
    version: hasNoVersion ? expected.version : version,
    kind: kind === "" ? expected.kind : kind,
  };
};

const textMembers = (value: object | null): { readonly apiVersion?: string; readonly kind?: string } => {
  const found: Record<string, string> = {};
  for (const name of Object.keys(value ?? {})) {
    if (name !== "apiVersion" && name !== "kind") continue;
    const text = (value as Record<string, unknown>)[name];
    if (typeof text === "string") found[name] = text;
    else if (text !== null) throw unreadable(`json: cannot unmarshal ${wordFor(text)} into Go struct field .${name} of type string`);
  }
  return found;
};

const groupVersionOf = (apiVersion: string): readonly [string, string] => {
  if (apiVersion === "" || apiVersion === "/") return ["", ""];
  const parts = apiVersion.split("/");
  if (parts.length === 1) return ["", apiVersion];
  if (parts.length === 2) return [parts[0]!, parts[1]!];
  throw new UnreadableBody(`unexpected GroupVersion string: ${apiVersion}`);
};

const unreadable = (why: string): UnreadableBody => new UnreadableBody(`couldn't get version/kind; json parse error: ${why}`);

const wordFor = (value: unknown): string => {
  if (Array.isArray(value)) return "array";
  if (value instanceof NumberLiteral) return "number";
  return typeof value === "boolean" ? "bool" : typeof value;
};
