import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node, type Pair } from "yaml";
import { asText, valueOfYaml } from "../decode/yaml.ts";
import { fieldSteps } from "./field-path.ts";

/** A place in a text, counted from 0; characters are UTF-16 code units, as editors count. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface TextRange {
  readonly start: Position;
  readonly end: Position;
}

/** Something wrong with the text itself, before anybody asks what it says. */
export interface SyntaxProblem {
  readonly message: string;
  readonly range: TextRange;
}

/** One document of a YAML or JSON text that knows where each of its fields stands. */
export interface LocatedDocument {
  readonly range: TextRange;
  readonly problems: readonly SyntaxProblem[];
  /** What it says; undefined when the syntax is broken, null when it is empty. */
  readonly value: unknown;
  /**
   * Where a field stands, by upstream's path (`spec.containers[0].image`): the key and its value's first line. What does not
   * exist is located at the deepest thing on the way that does. `part` chooses the key, the value, or both.
   */
  locate(field: string, part?: "key" | "value"): TextRange;
}

/** The documents of a text, `---` between them. Never throws: what is wrong is a problem of its document. */
export const readLocated = (text: string): readonly LocatedDocument[] => {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...asText, lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  const ranges = new Ranges(text, lines);
  return documents.map((document) => new Located(document, ranges));
};

/** Offsets of the text as positions. */
class Ranges {
  readonly text: string;
  readonly lines: LineCounter;

  constructor(text: string, lines: LineCounter) {
    this.text = text;
    this.lines = lines;
  }

  between(start: number, end: number): TextRange {
    return { start: this.#at(start), end: this.#at(Math.max(start, end)) };
  }

  #at(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(0, line - 1), character: Math.max(0, col - 1) };
  }
}

/** `line 8: key "a" already set in map`, at its line. */
const repeatedKey = (words: string, ranges: Ranges): SyntaxProblem => {
  const [, line = "1", message = words] = /^line (\d+): (.*)$/s.exec(words) ?? [];
  const start = ranges.lines.lineStarts[Number(line) - 1] ?? 0;
  const text = ranges.text.slice(start).split("\n", 1)[0] ?? "";
  return { message, range: ranges.between(start + text.length - text.trimStart().length, start + text.trimEnd().length) };
};

class Located implements LocatedDocument {
  readonly #document: Document.Parsed;
  readonly #ranges: Ranges;
  readonly range: TextRange;
  readonly problems: readonly SyntaxProblem[];
  readonly value: unknown;

  constructor(document: Document.Parsed, ranges: Ranges) {
    this.#document = document;
    this.#ranges = ranges;
    const [start, , end] = document.range;
    this.range = ranges.between(start, end);
    const problems = document.errors.map(({ message, pos }): SyntaxProblem => ({ message, range: ranges.between(...pos) }));
    if (problems.length === 0) {
      try {
        const { value, repeated } = valueOfYaml(document, ranges.lines);
        this.value = value;
        problems.push(...repeated.map((words) => repeatedKey(words, ranges)));
      } catch (error) {
        problems.push({ message: error instanceof Error ? error.message : String(error), range: this.range });
      }
    }
    this.problems = problems;
  }

  locate(field: string, part?: "key" | "value"): TextRange {
    let node: Node | null | undefined = this.#document.contents;
    let pair: Pair | undefined;
    for (const step of fieldSteps(field)) {
      const inside: Node | null | undefined = isAlias(node) ? node.resolve(this.#document) : node;
      const found: Node | Pair | undefined = isMap(inside)
        ? inside.items.find(({ key }) => isScalar(key) && String(key.value) === step)
        : isSeq(inside) && /^\d+$/.test(step)
          ? (inside.items[Number(step)] as Node | undefined)
          : undefined;
      if (found === undefined) break;
      if (isPair(found)) {
        pair = found;
        node = found.value as Node | null;
      } else {
        pair = undefined;
        node = found;
      }
    }
    return this.#rangeOf(pair?.key as Node | undefined, node, part);
  }

  #rangeOf(key: Node | undefined, value: Node | null | undefined, part?: "key" | "value"): TextRange {
    const from = part === "value" ? (value ?? key) : (key ?? value);
    const to = part === "key" ? (key ?? value) : (value ?? key);
    if (!from?.range || !to?.range)
      return this.#document.contents?.range
        ? this.#firstLine(this.#document.contents.range[0], this.#document.contents.range[1])
        : this.range;
    return this.#firstLine(from.range[0], to.range[1]);
  }

  /** A mapping of fifty lines is not underlined whole: up to the end of the line on which it starts. */
  #firstLine(start: number, end: number): TextRange {
    const { text } = this.#ranges;
    const lineEnd = text.indexOf("\n", start);
    const stop = lineEnd === -1 ? end : Math.min(end, lineEnd);
    return this.#ranges.between(start, start + text.slice(start, stop).trimEnd().length);
  }
}
