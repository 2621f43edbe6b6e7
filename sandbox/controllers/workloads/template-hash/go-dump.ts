import { dumpQuantity } from "./go-quantity.ts";
import { goStructs, type GoField } from "./go-structs.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * A JSON value as Go's spew prints the struct that it decodes to, with `%#v`, no methods and sorted keys (`dump.ForHash`): every field
 * of every struct, in Go's order, with its type. Controllers hash this text, so names depend on it to the letter.
 */
export const goDump = (type: string, value: unknown): string => format(type, value, true);

/** `typed`: print the type in front, which spew leaves out for the elements of slices and maps and behind pointers. */
const format = (type: string, value: unknown, typed: boolean): string => {
  if (type.startsWith("*")) return formatPointer(type.slice(1), value, typed);
  const lead = typed ? `(${typeName(type)})` : "";
  if (type.startsWith("[]")) return lead + formatSlice(type.slice(2), value);
  if (type === "ResourceList") return lead + formatMap("resource.Quantity", value);
  if (type.startsWith("map[string]")) return lead + formatMap(type.slice("map[string]".length), value);
  return lead + formatValue(type, value);
};

const formatPointer = (type: string, value: unknown, typed: boolean): string => {
  if (value === undefined || value === null) return typed ? `(*${typeName(type)})<nil>` : "<nil>";
  return (typed ? `(*${typeName(type)})` : "<*>") + format(type, value, false);
};

const formatSlice = (type: string, value: unknown): string => {
  if (!Array.isArray(value)) return "<nil>";
  return `[${value.map((item) => format(type, item, false)).join(" ")}]`;
};

const formatMap = (type: string, value: unknown): string => {
  if (value === undefined || value === null) return "<nil>";
  const map = value as Json;
  const keys = Object.keys(map).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `map[${keys.map((key) => `${key}:${format(type, map[key], false)}`).join(" ")}]`;
};

const formatValue = (type: string, value: unknown): string => {
  switch (type) {
    case "bool":
      return value === true ? "true" : "false";
    case "int32":
    case "int64":
      return typeof value === "number" ? String(value) : "0";
    case "Time":
      return formatTime();
    case "intstr.IntOrString":
      return formatIntOrString(value);
    case "resource.Quantity":
      return dumpQuantity(value);
  }
  const fields = goStructs.get(type);
  if (fields) return `{${fields.map((field) => `${field.name}:${formatField(field, value)}`).join(" ")}}`;
  return typeof value === "string" ? value : "";
};

const formatField = ({ json, type }: GoField, struct: unknown): string => {
  const value = json === undefined ? struct : (struct as Json | undefined)?.[json];
  return format(type, value, true);
};

/** Templates carry no times: only Go's zero time can occur. */
const formatTime = (): string => "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";

const formatIntOrString = (value: unknown): string => {
  const isString = typeof value === "string";
  return `{Type:(intstr.Type)${isString ? 1 : 0} IntVal:(int32)${typeof value === "number" ? value : 0} StrVal:(string)${isString ? value : ""}}`;
};

const builtin = new Set(["string", "bool", "int32", "int64"]);

const typeName = (type: string): string => {
  if (type.startsWith("[]")) return `[]${typeName(type.slice(2))}`;
  if (type.startsWith("map[string]")) return `map[string]${typeName(type.slice("map[string]".length))}`;
  return type.includes(".") || builtin.has(type) ? type : `v1.${type}`;
};
