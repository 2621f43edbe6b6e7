import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair, type Scalar } from "yaml";
import { goYamlWords } from "./yaml-error.ts";
import { plainScalar } from "./yaml-scalar.ts";

/** Text that is no YAML, or none that JSON can say; the message is go-yaml's as far as it can be told. */
export class YamlError extends Error {}

export interface ReadYaml {
  readonly value: unknown;
  /** `line 8: key "a" already set in map`. The last one counts. */
  readonly repeated: readonly string[];
}

/** How many values aliases may unfold to: guards against bombs. */
const mostValues = 1_000_000;

/** The first document of a YAML text as the JSON value that sigs.k8s.io/yaml makes of it. */
export const readYaml = (text: string): ReadYaml => {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...asText, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined && error.code !== "MULTIPLE_DOCS") throw new YamlError(goYamlWords(error, text));
  return valueOfYaml(document, lines);
};

/** How the parser reads: all scalars as text, which `valueOfYaml` makes values of. */
export const asText = { version: "1.1", schema: "failsafe", uniqueKeys: false, merge: false, logLevel: "silent", strict: true } as const;

/** What a document says that was parsed `asText`. Throws YamlError where JSON cannot say it. */
export const valueOfYaml = (document: Document, lines: LineCounter): ReadYaml => {
  const reader = new YamlReader(document, lines);
  return { value: reader.value(document.contents), repeated: reader.repeated };
};

class YamlReader {
  readonly repeated: string[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;
  #values = 0;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  value(node: unknown): unknown {
    if (++this.#values > mostValues) throw new YamlError("yaml: document contains excessive aliasing");
    if (isAlias(node)) return this.value(this.#target(node.source));
    if (isMap(node)) return this.#map(node.items);
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (isScalar(node)) return scalarValue(node);
    return null;
  }

  #target(anchor: string): Node {
    let found: Node | undefined;
    const look = (node: unknown): void => {
      if (found !== undefined) return;
      if (isMap(node)) for (const { key, value } of node.items) [key, value].forEach(look);
      else if (isSeq(node)) node.items.forEach(look);
      if (found === undefined && (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor === anchor) found = node;
    };
    look(this.#document.contents);
    if (found === undefined) throw new YamlError(`yaml: unknown anchor '${anchor}' referenced`);
    return found;
  }

  #map(items: readonly Pair[]): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const set = (name: string, value: unknown): void =>
      void Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    const merged: unknown[] = [];
    for (const { key, value } of items) {
      if (isScalar(key) && key.type === "PLAIN" && key.value === "<<") {
        merged.push(...[this.value(value)].flat());
        continue;
      }
      const name = nameOf(this.value(key));
      if (Object.hasOwn(object, name))
        this.repeated.push(`line ${String(this.#lineOf(key))}: key ${JSON.stringify(name)} already set in map`);
      set(name, this.value(value));
    }
    for (const each of merged) {
      if (typeof each !== "object" || each === null) throw new YamlError("yaml: map merge requires map or sequence of maps as the value");
      for (const [name, value] of Object.entries(each)) if (!Object.hasOwn(object, name)) set(name, value);
    }
    return object;
  }

  #lineOf(node: unknown): number {
    return isScalar(node) ? this.#lines.linePos(node.range?.[0] ?? 0).line : 1;
  }
}

const scalarValue = (node: Scalar): unknown => {
  const text = typeof node.value === "string" ? node.value : "";
  const { tag } = node;
  if (tag === "tag:yaml.org,2002:binary" || tag === "!!binary") return Buffer.from(text, "base64").toString("utf8");
  const isText = tag === "tag:yaml.org,2002:str" || tag === "!!str" || tag === "!" || (node.type !== "PLAIN" && node.type !== undefined);
  if (isText) return text;
  const value = plainScalar(text);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new YamlError(`json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
  return value;
};

/** Names of members are text in JSON, whatever they look like in YAML. */
const nameOf = (key: unknown): string => {
  if (typeof key === "string") return key;
  if (typeof key === "number" || typeof key === "boolean") return String(key);
  if (key === null) return "null";
  throw new YamlError("unsupported map key");
};
