import { Environment, type ASTNode } from "@marcbachmann/cel-js";
import { withoutOptionalMarks } from "./optional-elements.ts";

/** A part of an expression, with where it stands in the text. */
export type Node = ASTNode;

/** Something wrong with an expression at a place in its text. */
export interface Issue {
  readonly at: number;
  readonly message: string;
}

/** Why an expression was refused, in the form in which cel-go shows it: with the line and a mark below. */
export class CompileError extends Error {
  constructor(text: string, issues: readonly Issue[]) {
    super(issues.map((issue) => shown(text, issue)).join("\n"));
  }
}

const shown = (text: string, { at, message }: Issue): string => {
  const before = text.slice(0, at).split("\n");
  const line = text.split("\n")[before.length - 1] ?? "";
  const column = before.at(-1)?.length ?? 0;
  return `ERROR: <input>:${String(before.length)}:${String(column + 1)}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
};

const grammar = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 100_000, maxDepth: 250 },
});

const starts = "'[', '{', '(', ";
const rest = "'.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";

/** What ANTLR would say of a text that ends too soon; anything else is told in fewer words. */
const syntaxIssue = (text: string, error: { readonly message: string; readonly range?: { readonly start: number } }): Issue => {
  const at = error.range?.start ?? text.length;
  if (at >= text.length) {
    const expected = text.trimEnd().endsWith("(") ? `${starts}')', ${rest}` : starts + rest;
    return { at: text.length, message: `Syntax error: mismatched input '<EOF>' expecting {${expected}}` };
  }
  const token = /^(\w+|"[^"]*"|'[^']*'|\S)/.exec(text.slice(at))?.[0] ?? text.charAt(at);
  return {
    at,
    message: /Unexpected token|Unexpected character|Expected/.test(error.message)
      ? `Syntax error: extraneous input '${token}' expecting <EOF>`
      : `Syntax error: ${error.message.split("\n")[0] ?? ""}`,
  };
};

const optionalElements = new WeakSet<Node>();

/** Whether an element of a list or the key of a map's entry bears a question mark: it is there only if its value is. */
export const isOptionalElement = (node: Node): boolean => optionalElements.has(node);

const children = ({ op, args }: Node): readonly unknown[] => (op === "value" || op === "id" ? [] : Array.isArray(args) ? args : [args]);

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "op" in value && "start" in value;

/** Notes which elements have a mark between what stands before them and themselves. */
const noteMarks = (within: unknown, marks: readonly number[]): void => {
  if (Array.isArray(within)) for (const each of within as readonly unknown[]) noteMarks(each, marks);
  if (!isNode(within)) return;
  if (within.op === "list" || within.op === "map") {
    let from = within.start;
    for (const element of within.args) {
      const [first, last] = isNode(element) ? [element, element] : element;
      if (marks.some((mark) => from <= mark && mark < first.start)) optionalElements.add(first);
      from = last.end;
    }
  }
  noteMarks(children(within), marks);
};

/** The tree of an expression. Throws CompileError. */
export const parseExpression = (text: string): Node => {
  try {
    const { text: plain, marks } = withoutOptionalMarks(text);
    const { ast } = grammar.parse(plain);
    if (marks.length > 0) noteMarks(ast, marks);
    return ast;
  } catch (error) {
    throw new CompileError(text, [syntaxIssue(text, error as { readonly message: string; readonly range?: { readonly start: number } })]);
  }
};
