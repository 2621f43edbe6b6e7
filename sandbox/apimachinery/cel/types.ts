/** Static types of CEL. */
export type CelType =
  /** `most`: how long such a value may be, where that is known. */
  | {
      readonly kind: "int" | "uint" | "double" | "bool" | "string" | "bytes" | "null" | "timestamp" | "duration" | "dyn" | "type";
      readonly most?: number;
    }
  | { readonly kind: "list"; readonly item: CelType; readonly most?: number }
  | { readonly kind: "map"; readonly key: CelType; readonly value: CelType; readonly most?: number }
  | { readonly kind: "optional"; readonly value: CelType }
  /** A struct with known fields, by their names in CEL. */
  | { readonly kind: "object"; readonly name: string; readonly fields: ReadonlyMap<string, CelField> }
  /** A type of a library: `kubernetes.Quantity`. */
  | { readonly kind: "opaque"; readonly name: string }
  /** Stands for any one type within a signature. */
  | { readonly kind: "parameter"; readonly name: string };

export interface CelField {
  readonly type: CelType;
  /** The member's name in JSON, where CEL must spell it another way. */
  readonly key: string;
}

const simple = (
  kind: "int" | "uint" | "double" | "bool" | "string" | "bytes" | "null" | "timestamp" | "duration" | "dyn" | "type",
): CelType => ({ kind });

export const int = simple("int");
export const uint = simple("uint");
export const double = simple("double");
export const bool = simple("bool");
export const string = simple("string");
export const bytes = simple("bytes");
export const nullType = simple("null");
export const timestamp = simple("timestamp");
export const duration = simple("duration");
export const dyn = simple("dyn");
export const typeType = simple("type");
export const listOf = (item: CelType): CelType => ({ kind: "list", item });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: "map", key, value });
export const optionalOf = (value: CelType): CelType => ({ kind: "optional", value });

const named: Readonly<Record<string, string>> = {
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
  null: "null",
};

/** As messages name a type: `list(string)`, `map(string, int)`, `kubernetes.Quantity`. */
export const typeName = (type: CelType): string => {
  switch (type.kind) {
    case "list":
      return `list(${typeName(type.item)})`;
    case "map":
      return `map(${typeName(type.key)}, ${typeName(type.value)})`;
    case "optional":
      return `optional_type(${typeName(type.value)})`;
    case "object":
    case "opaque":
    case "parameter":
      return type.name;
    default:
      return named[type.kind] ?? type.kind;
  }
};

/** What stands for each parameter of a signature so far. */
export type Bindings = Map<string, CelType>;

/** Whether a value of one type may stand where another is asked for; parameters are bound on the way. */
export const isAssignable = (wanted: CelType, given: CelType, bindings: Bindings): boolean => {
  if (wanted.kind === "parameter") {
    const bound = bindings.get(wanted.name);
    if (bound === undefined || bound.kind === "dyn" || bound.kind === "null") {
      bindings.set(wanted.name, given);
      return true;
    }
    if (given.kind === "null" && isNullable(bound)) return true;
    return isAssignable(bound, given, bindings);
  }
  if (wanted.kind === "dyn" || given.kind === "dyn") return true;
  if (given.kind === "null" && isNullable(wanted)) return true;
  switch (wanted.kind) {
    case "list":
      return given.kind === "list" && isAssignable(wanted.item, given.item, bindings);
    case "map":
      return given.kind === "map" && isAssignable(wanted.key, given.key, bindings) && isAssignable(wanted.value, given.value, bindings);
    case "optional":
      return given.kind === "optional" && isAssignable(wanted.value, given.value, bindings);
    case "object":
    case "opaque":
      return given.kind === wanted.kind && given.name === wanted.name;
    default:
      return given.kind === wanted.kind;
  }
};

const isNullable = ({ kind }: CelType): boolean =>
  kind === "object" || kind === "opaque" || kind === "timestamp" || kind === "duration" || kind === "null";

/** A type with its parameters replaced by what they stand for; unbound ones are dyn. */
export const substituted = (type: CelType, bindings: Bindings): CelType => {
  switch (type.kind) {
    case "parameter":
      return bindings.get(type.name) ?? dyn;
    case "list":
      return listOf(substituted(type.item, bindings));
    case "map":
      return mapOf(substituted(type.key, bindings), substituted(type.value, bindings));
    case "optional":
      return optionalOf(substituted(type.value, bindings));
    default:
      return type;
  }
};

/** One type for both: the same, or dyn. */
export const joined = (a: CelType, b: CelType): CelType => {
  if (a.kind === "dyn" || b.kind === "dyn") return dyn;
  const bindings: Bindings = new Map();
  return isAssignable(a, b, bindings) ? (a.kind === "null" ? b : a) : dyn;
};

/** The type that a text names in a signature: `list(A)`, `map(string, B)`, `kubernetes.Quantity`. */
export const parseType = (text: string): CelType => {
  const outer = /^(list|map|optional)\((.*)\)$/.exec(text.trim());
  if (!outer) {
    const name = text.trim();
    if (/^[A-Z]$/.test(name)) return { kind: "parameter", name };
    return name.includes(".") ? { kind: "opaque", name } : simple(name as "int");
  }
  const [first = "", second = ""] = splitTypes(outer[2] ?? "");
  return outer[1] === "list"
    ? listOf(parseType(first))
    : outer[1] === "map"
      ? mapOf(parseType(first), parseType(second))
      : optionalOf(parseType(first));
};

/** Types between commas that no bracket encloses. */
export const splitTypes = (text: string): string[] => {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  const last = text.slice(from);
  return last.trim() === "" ? parts : [...parts, last];
};
