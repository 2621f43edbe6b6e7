import { deepestJson } from "../decode/json-reader.ts";
import { deepEqual } from "../meta/equal.ts";
import { failure } from "../errors/status.ts";
import { isMap } from "./go-text.ts";
import { malformed, unprocessable } from "./refusals.ts";

const mostOperations = 10_000;
/** How much all copies of a patch may add, in bytes of JSON: as much as a body may have. */
const mostCopied = 3 * 1024 * 1024;
const members: ReadonlySet<string> = new Set(["op", "path", "from", "value"]);

interface Operation {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: unknown;
}

const unescaped = (token: string): string => token.replaceAll("~1", "/").replaceAll("~0", "~");

/** What stands before the first slash does not count. */
const tokensOf = (path: unknown): readonly string[] => (typeof path === "string" ? path.split("/").slice(1).map(unescaped) : []);

const operationOf = (value: unknown): Operation => {
  const { op, path, from, value: given } = isMap(value) ? value : {};
  return { op: typeof op === "string" ? op : "unknown", path: tokensOf(path), from: tokensOf(from), value: given ?? null };
};

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;

/** The place in a list that a token names; negative ones count from the end. Throws where there is none. */
const indexOf = (token: string, length: number): number => {
  if (!/^-?[0-9]+$/.test(token)) throw unprocessable();
  const index = Number(token) < 0 ? Number(token) + length : Number(token);
  if (index < 0 || index >= length) throw unprocessable();
  return index;
};

const put = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
};

const read = (container: Container, token: string): unknown => {
  if (Array.isArray(container)) return container[indexOf(token, container.length)];
  return Object.hasOwn(container, token) ? container[token] : undefined;
};

/** A document whose containers are copied when they are first changed. */
class Document {
  root: unknown;
  #copied = 0;
  readonly #mine = new WeakSet();

  constructor(root: unknown) {
    this.root = root;
  }

  /** The container that holds the last token, ready to be changed; undefined where it is missing. */
  parent(path: readonly string[]): Container | undefined {
    if (!isContainer(this.root)) return undefined;
    let at = (this.root = this.#own(this.root));
    for (const token of path.slice(0, -1)) {
      const child = read(at, token);
      if (!isContainer(child)) return undefined;
      const copy = this.#own(child);
      if (Array.isArray(at)) at[indexOf(token, at.length)] = copy;
      else put(at, token, copy);
      at = copy;
    }
    return at;
  }

  get(path: readonly string[]): unknown {
    if (path.length === 0) return this.root;
    const parent = this.parent(path);
    if (!parent) throw unprocessable();
    return read(parent, path.at(-1) ?? "");
  }

  /** A value that shares nothing with what it was copied from, so that patches can make neither rings nor avalanches. */
  copyOf(value: unknown): unknown {
    const text = JSON.stringify(value ?? null);
    this.#copied += text.length;
    if (this.#copied > mostCopied) throw unprocessable();
    return JSON.parse(text);
  }

  #own(container: Container): Container {
    if (this.#mine.has(container)) return container;
    const copy = Array.isArray(container) ? [...container] : { ...container };
    this.#mine.add(copy);
    return copy;
  }
}

const add = (document: Document, path: readonly string[], value: unknown): void => {
  if (path.length === 0) {
    document.root = value;
    return;
  }
  const [parent, token] = [document.parent(path), path.at(-1) ?? ""];
  if (!parent) throw unprocessable();
  if (!Array.isArray(parent)) put(parent, token, value);
  else if (token === "-") parent.push(value);
  else parent.splice(indexOf(token, parent.length + 1), 0, value);
};

const remove = (document: Document, path: readonly string[]): void => {
  const [parent, token] = [document.parent(path), path.at(-1) ?? ""];
  if (!parent) throw unprocessable();
  if (Array.isArray(parent)) parent.splice(indexOf(token, parent.length), 1);
  else if (Object.hasOwn(parent, token)) Reflect.deleteProperty(parent, token);
  else throw unprocessable();
};

const replace = (document: Document, path: readonly string[], value: unknown): void => {
  if (path.length === 0) {
    document.root = value;
    return;
  }
  const [parent, token] = [document.parent(path), path.at(-1) ?? ""];
  if (!parent) throw unprocessable();
  if (Array.isArray(parent)) parent[indexOf(token, parent.length)] = value;
  else put(parent, token, value);
};

const perform = (document: Document, { op, path, from, value }: Operation): void => {
  switch (op) {
    case "add":
      add(document, path, value);
      return;
    case "remove":
      remove(document, path);
      return;
    case "replace":
      replace(document, path, value);
      return;
    case "move": {
      const moved = document.get(from);
      remove(document, from);
      add(document, path, moved);
      return;
    }
    case "copy":
      add(document, path, document.copyOf(document.get(from)));
      return;
    case "test":
      if (!deepEqual(document.get(path) ?? null, value)) throw unprocessable();
      return;
    default:
      throw unprocessable();
  }
};

/** What a strict reader would not expect in the operations: `json patch unknown field "[0].extra"`. */
export const surprisesInJsonPatch = (body: unknown): string[] =>
  Array.isArray(body)
    ? body.flatMap((operation: unknown, at) =>
        Object.keys(isMap(operation) ? operation : {})
          .filter((key) => !members.has(key))
          .map((key) => `json patch unknown field "[${String(at)}].${key}"`),
      )
    : [];

const goName = (value: unknown): string => (isMap(value) ? "object" : value === null ? "null" : typeof value);

/**
 * Applies a JSON patch (RFC 6902) as the API server's library does: `replace` of what is missing adds it, `copy` of what is missing copies null,
 * indices may be negative. All or nothing. Throws BadRequest, RequestEntityTooLarge, or 422 where an operation fails.
 */
export const applyJsonPatch = (object: unknown, body: unknown): unknown => {
  if (!Array.isArray(body))
    throw malformed(`error decoding patch: json: cannot unmarshal ${goName(body)} into Go value of type []handlers.jsonPatchOp`);
  if (body.length > mostOperations)
    throw failure(
      413,
      "RequestEntityTooLarge",
      `Request entity is too large: The allowed maximum operations in a JSON patch is ${String(mostOperations)}, got ${String(body.length)}`,
    );
  const document = new Document(object);
  for (const operation of body) perform(document, operationOf(operation));
  if (isDeeper(document.root, deepestJson)) throw unprocessable();
  return document.root;
};

/** Patch by patch an object could be nested deeper than any body may be. */
const isDeeper = (value: unknown, levels: number): boolean =>
  isContainer(value) && (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));
