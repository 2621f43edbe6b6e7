import { Document, Scalar, visit } from "yaml";
import { plainScalar } from "../../apimachinery/decode/yaml-scalar.ts";

/** Lines are folded at the first space after so many characters, as go-yaml does. */
const bestWidth = 80;

/**
 * As sigs.k8s.io/yaml writes: members by name, lists not indented, double quotes around text that would be read as something else, single ones where
 * punctuation needs them, long lines folded.
 */
export const toYaml = (value: unknown): string => {
  const document = new Document(value, { version: "1.1", schema: "yaml-1.1", sortMapEntries: true, aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && typeof plainScalar(node.value) !== "string") node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return folded(document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true }));
};

const blockStart = /(?:^|[ ])[|>][-+0-9]*$/;

const folded = (text: string): string => {
  const lines: string[] = [];
  let blockIndent: number | undefined;
  for (const line of text.split("\n")) {
    const indent = line.length - line.trimStart().length;
    if (blockIndent !== undefined && (line.trim() === "" || indent > blockIndent)) {
      lines.push(line);
      continue;
    }
    blockIndent = blockStart.test(line) ? indent : undefined;
    lines.push(...foldedLine(line));
  }
  return lines.join("\n");
};

/** `- key: ` in front of a value; what goes on over lines is indented by two more than the key. */
const lead = /^( *(?:- )*)((?:"[^"]*"|[^\s"'][^:]*): )?/;

const foldedLine = (line: string): readonly string[] => {
  const [whole = "", dashes = "", key] = lead.exec(line) ?? [];
  if (line.length <= bestWidth || line[whole.length] === '"') return [line];
  const indent = " ".repeat(key === undefined ? Math.max(dashes.length, 2) : dashes.length + 2);
  const parts: string[] = [];
  let start = 0;
  for (let at = whole.length; at < line.length; at++) {
    const column = at - start + (parts.length > 0 ? indent.length : 0);
    if (line[at] !== " " || column <= bestWidth || at + 1 >= line.length || line[at + 1] === " " || line[at - 1] === " ") continue;
    parts.push((parts.length > 0 ? indent : "") + line.slice(start, at));
    start = at + 1;
  }
  parts.push((parts.length > 0 ? indent : "") + line.slice(start));
  return parts;
};
