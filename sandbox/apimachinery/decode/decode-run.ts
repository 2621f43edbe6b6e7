import { NumberLiteral, type MemberPlaces } from "./json-reader.ts";

/**
 * As a client sent it, or as it comes back from storage: protobuf, in which upstream stores most kinds, cannot tell an empty list from none.
 */
export type ObjectForm = "sent" | "stored";

/** The state of one decoding: where it is, and what it found. */
export class DecodeRun {
  /** Go's names of the fields down to here, without list positions; for messages of type errors. */
  readonly fields: string[] = [];
  /** `.name`, `[0]`: the path down to here; for unknown and repeated fields. */
  readonly path: string[] = [];
  /** The Go struct that the current field belongs to. */
  struct = "";
  /** Members of objects seen. */
  members = 0;
  /** Whether members are counted, to find repeated ones. */
  readonly counts: boolean;
  readonly form: ObjectForm;
  readonly #strict: boolean;
  readonly #places: WeakMap<object, MemberPlaces> | undefined;
  readonly #found: { readonly text: string; readonly offset: number }[] = [];
  #typeError: string | undefined;
  #typeErrorPath = "";

  /** `strict`: collect unknown and repeated fields. `places`: where members stand, if some are repeated. */
  constructor(strict: boolean, form: ObjectForm = "sent", places?: WeakMap<object, MemberPlaces>, counts = false) {
    this.form = form;
    this.#strict = strict;
    this.#places = places;
    this.counts = counts;
  }

  /** Whether the value may have numbers that are kept as text. */
  get hasLiterals(): boolean {
    return this.#places !== undefined;
  }

  /** The first value of a wrong type. Decoding goes on: a later error of another sort goes before. */
  get typeError(): string | undefined {
    return this.#typeError;
  }

  /** Where that is, list positions and all: `.spec.containers[0].ports`. */
  get typeErrorPath(): string {
    return this.#typeErrorPath;
  }

  /** Unknown and repeated fields in the order of the text, each once, at most a hundred (upstream's bound). */
  get strictErrors(): readonly string[] {
    return [...new Set(this.#found.toSorted((one, other) => one.offset - other.offset).map(({ text }) => text))].slice(0, 100);
  }

  /** json.UnmarshalTypeError. `type` is Go's. */
  wrongType(value: unknown, type: string, words = wordFor(value)): unknown {
    const where =
      this.struct === "" && this.fields.length === 0
        ? `Go value of type ${type}`
        : `Go struct field ${this.struct}.${this.fields.join(".")} of type ${type}`;
    if (this.#typeError === undefined) this.#typeErrorPath = this.path.join("");
    this.#typeError ??= `json: cannot unmarshal ${words} into ${where}`;
    return undefined;
  }

  /** Notes that the object has a field nobody knows. */
  unknownField(object: object, name: string): void {
    if (this.#strict) this.#note("unknown", name, this.#places?.get(object)?.offsets.get(name) ?? 0);
  }

  /** Notes the names that the object has twice. */
  repeatedFields(object: object): void {
    if (this.#places === undefined || !this.#strict) return;
    for (const { name, offset } of this.#places.get(object)?.repeated ?? []) this.#note("duplicate", name, offset);
  }

  #note(what: string, name: string, offset: number): void {
    const path = this.path.join("");
    this.#found.push({
      text: `${what} field ${JSON.stringify(path === "" ? name : `${path.startsWith(".") ? path.slice(1) : path}.${name}`)}`,
      offset,
    });
  }
}

/** What Go calls a JSON value in a type error. */
const wordFor = (value: unknown): string => {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" || value instanceof NumberLiteral) return "number";
  return typeof value === "boolean" ? "bool" : typeof value;
};
