import type { YAMLError } from "yaml";

/** Who finds it in go-yaml: the scanner counts lines from one, the parser from zero, and neither names the first. */
type Finder = "scanner" | "parser";

const tokenless = "found character that cannot start any token";
const noMapping = "mapping values are not allowed in this context";
const noKey = "did not find expected key";
const noContent = "did not find expected node content";

/** What go-yaml says of text in which another parser found this: `yaml: line 3: did not find expected key`. */
export const goYamlWords = (error: YAMLError, text: string): string => {
  const start = error.pos[0];
  const say = (finder: Finder, words: string, at = start): string => {
    const index = lineIndex(text, at);
    return index === 0 ? `yaml: ${words}` : `yaml: line ${String(finder === "scanner" ? index + 1 : index)}: ${words}`;
  };
  switch (error.code) {
    case "BAD_SCALAR_START":
      return say("scanner", tokenless);
    case "TAB_AS_INDENT":
      return say("scanner", /[:\-?]\s*$/.test(text.slice(0, start)) ? tokenless : "found a tab character that violates indentation");
    case "BLOCK_AS_IMPLICIT_KEY":
      return say("scanner", noMapping, colonAfter(text, start));
    case "MULTILINE_IMPLICIT_KEY":
      return say("scanner", isFirstKey(text, start) ? noMapping : "could not find expected ':'", colonAfter(text, start));
    case "BAD_DQ_ESCAPE":
      return say("scanner", "found unknown escape character");
    case "BAD_ALIAS":
      return say("scanner", "did not find expected alphabetic or numeric character");
    case "MISSING_CHAR":
      return error.message.includes("quote") || error.message.includes('"')
        ? say("scanner", "found unexpected end of stream", text.length)
        : (flowEnd(error, text, say) ?? say("scanner", "could not find expected ':'"));
    case "BAD_INDENT":
      return flowEnd(error, text, say) ?? say("parser", noKey);
    case "RESOURCE_EXHAUSTION":
      return "yaml: exceeded max depth of 10000";
    case "UNEXPECTED_TOKEN":
      return say("parser", unexpected(error, text));
    default:
      return say("parser", noKey);
  }
};

/** A flow collection that does not end. */
const flowEnd = (error: YAMLError, text: string, say: (finder: Finder, words: string, at?: number) => string): string | undefined => {
  const opened = /Flow (sequence|map)/.exec(error.message)?.[1];
  if (opened === undefined) return undefined;
  const before = text.slice(0, error.pos[0]).trimEnd();
  const wantsItem = /[[{,]$/.test(before);
  return say("parser", wantsItem ? noContent : `did not find expected ',' or '${opened === "map" ? "}" : "]"}'`);
};

const unexpected = (error: YAMLError, text: string): string => {
  if (/"[\]}]" at|flow-(?:seq|map)-end/.test(error.message)) return text.slice(0, error.pos[0]).trim() === "" ? noContent : noKey;
  return /^\s*-\s/m.test(text.slice(0, error.pos[0])) && error.message.includes("at node end")
    ? "did not find expected '-' indicator"
    : noKey;
};

/** The colon that makes a mapping of what stands at `start`. */
const colonAfter = (text: string, start: number): number => {
  const found = /:(?:\s|$)/g;
  found.lastIndex = start;
  return found.exec(text)?.index ?? start;
};

/** Whether nothing of the same mapping stands before: then no key is required there. */
const isFirstKey = (text: string, start: number): boolean => {
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const indent = start - line;
  return !new RegExp(`^ {${String(indent)}}[^\\s#-]`, "m").test(text.slice(0, line));
};

/** From zero. At the end of the text go-yaml has begun another line. */
const lineIndex = (text: string, at: number): number => {
  const lines = text.slice(0, at).split("\n").length - 1;
  return at >= text.length && !text.endsWith("\n") ? lines + 1 : lines;
};
