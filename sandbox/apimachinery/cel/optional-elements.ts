/** Strings in all their forms (in raw ones nothing is escaped), comments, words, and every other character by itself. */
const token =
  /(?:[rR][bB]?|[bB][rR])(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')|[bB]?(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/[^\n]*|[A-Za-z_][\w]*|[^\s]/g;

/** After these a bracket begins a list; after any other word, number, string or closing bracket it is an index. */
const isOperand = (before: string): boolean => before !== "in" && /[\w"')\]}]$/.test(before);

/**
 * The question marks before elements of literals (`[?a]`, `{?k: v}`), which the grammar's library does not know: the text without them, every other
 * character in its place, and where they stood.
 */
export const withoutOptionalMarks = (text: string): { readonly text: string; readonly marks: readonly number[] } => {
  if (!text.includes("?")) return { text, marks: [] };
  const marks: number[] = [];
  const open: ("literal" | "other")[] = [];
  let before = "";
  for (const { 0: word, index } of text.matchAll(token)) {
    if (word.startsWith("//")) continue;
    if (word === "{") open.push("literal");
    else if (word === "[") open.push(isOperand(before) ? "other" : "literal");
    else if (word === "(") open.push("other");
    else if (word === "]" || word === "}" || word === ")") open.pop();
    else if (word === "?" && open.at(-1) === "literal" && ["[", "{", ","].includes(before)) marks.push(index);
    before = word;
  }
  let plain = text;
  for (const at of marks) plain = `${plain.slice(0, at)} ${plain.slice(at + 1)}`;
  return { text: plain, marks };
};
