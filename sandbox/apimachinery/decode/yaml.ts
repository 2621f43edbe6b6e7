import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair, type Scalar } from "yaml";
import { deepestJson } from "./json-reader.ts";
import { scanJson } from "./json-scan.ts";
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
export const readYaml = (text: string): ReadYaml => readJsonText(text) ?? parsed(text);

const parsed = (text: string): ReadYaml => {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { ...asText, lineCounter: lines });
    const [error] = document.errors;
    if (error !== undefined && error.code !== "MULTIPLE_DOCS") throw new YamlError(goYamlWords(error, text));
    return valueOfYaml(document, lines);
  } catch (error) {
    // The parser goes down by recursion.
    throw error instanceof RangeError ? new YamlError("yaml: exceeded max depth of 10000") : error;
  }
};

/** Clients send JSON as YAML: kubectl's apply patches. Parsed as such where that gives the same. */
const readJsonText = (text: string): ReadYaml | undefined => {
  if (!text.startsWith("{")) return undefined;
  const { members, depth } = scanJson(Buffer.from(text));
  if (depth > deepestJson) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return countMembers(value) === members ? { value, repeated: [] } : undefined;
  } catch {
    return undefined;
  }
};

const countMembers = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  const items: readonly unknown[] = Object.values(value);
  return items.reduce<number>((sum, item) => sum + countMembers(item), Array.isArray(value) ? 0 : items.length);
};

/** How the parser reads: all scalars as text, which `valueOfYaml` makes values of. */
export const asText = { version: "1.1", schema: "failsafe", uniqueKeys: false, merge: false, logLevel: "silent", strict: true } as const;

/** What a document says that was parsed `asText`. Throws YamlError where JSON cannot say it. */
export const valueOfYaml = (document: Document, lines: LineCounter): ReadYaml => {
  const reader = new YamlReader(lines);
  return { value: reader.value(document.contents), repeated: reader.repeated };
};

class YamlReader {
  readonly repeated: string[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #unfolding = new Set<Node>();
  readonly #lines: LineCounter;
  #values = 0;
  #depth = 0;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  value(node: unknown): unknown {
    if (++this.#values > mostValues) throw new YamlError("yaml: document contains excessive aliasing");
    if (isAlias(node)) return this.#unfolded(node.source);
    const isNode = isMap(node) || isSeq(node) || isScalar(node);
    if (!isNode || node.anchor === undefined) return this.#content(node);
    this.#anchors.set(node.anchor, node);
    this.#unfolding.add(node);
    const value = this.#content(node);
    this.#unfolding.delete(node);
    return value;
  }

  #content(node: unknown): unknown {
    if (isScalar(node)) return scalarValue(node);
    if (++this.#depth > deepestJson) throw new YamlError("yaml: exceeded max depth of 10000");
    const value = isMap(node) ? this.#map(node.items) : isSeq(node) ? node.items.map((item) => this.value(item)) : null;
    this.#depth--;
    return value;
  }

  /** What an alias stands for: the last node with that anchor. */
  #target(anchor: string): Node {
    const target = this.#anchors.get(anchor);
    if (target === undefined) throw new YamlError(`yaml: unknown anchor '${anchor}' referenced`);
    if (this.#unfolding.has(target)) throw new YamlError(`yaml: anchor '${anchor}' value contains itself`);
    return target;
  }

  #unfolded(source: string): unknown {
    const target = this.#target(source);
    this.#unfolding.add(target);
    const value = this.#content(target);
    this.#unfolding.delete(target);
    return value;
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
