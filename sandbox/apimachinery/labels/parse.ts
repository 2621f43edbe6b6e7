import { everything, keyProblem, requirement, Selector, SelectorError, type Requirement, type SelectorOperator } from "./selector.ts";

type TokenKind = ")" | "," | "!" | "==" | "=" | ">" | "<" | "!=" | "(" | "in" | "notin" | "identifier" | "end" | "error";

interface Token {
  readonly kind: TokenKind;
  readonly literal: string;
}

const symbols: ReadonlySet<string> = new Set([")", ",", "!", "==", "=", ">", "<", "!=", "("]);
const isSymbol = (character: string): boolean => "=!(),><".includes(character);
const isBlank = (character: string): boolean => " \t\r\n".includes(character);

/** The longest known symbol from `from` on, and where it ends. */
const symbolAt = (text: string, from: number): readonly [Token, number] => {
  let literal: string | undefined;
  let at = from;
  while (at < text.length && isSymbol(text.charAt(at))) {
    const longer = text.slice(from, at + 1);
    if (symbols.has(longer)) literal = longer;
    else if (literal !== undefined) break;
    at++;
  }
  return literal === undefined
    ? [{ kind: "error", literal: `error expected: keyword found '${text.slice(from, at)}'` }, at]
    : [{ kind: literal as TokenKind, literal }, at];
};

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isBlank(text.charAt(at))) at++;
    if (at >= text.length || text[at] === "\0") return [...tokens, { kind: "end", literal: "" }];
    if (isSymbol(text.charAt(at))) {
      const [token, end] = symbolAt(text, at);
      tokens.push(token);
      at = end;
      continue;
    }
    const from = at;
    while (at < text.length && !isSymbol(text.charAt(at)) && !isBlank(text.charAt(at)) && text[at] !== "\0") at++;
    const literal = text.slice(from, at);
    tokens.push({ kind: literal === "in" || literal === "notin" ? literal : "identifier", literal });
  }
};

const operators: Readonly<Partial<Record<TokenKind, SelectorOperator>>> = {
  "in": "in",
  "notin": "notin",
  "=": "=",
  "==": "==",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
};

/** Reads tokens from left to right; where a value may stand, `in` and `notin` are plain words. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const first = this.#peek();
      if (first.kind === "end") return requirements;
      if (first.kind !== "identifier" && first.kind !== "!")
        throw new SelectorError(`found '${first.literal}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.kind === "end") return requirements;
      if (next.kind !== ",") throw new SelectorError(`found '${next.literal}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (following.kind !== "identifier" && following.kind !== "!")
        throw new SelectorError(`found '${following.literal}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      const negated = this.#peek().kind === "!";
      if (negated) this.#at++;
      const { kind, literal: key } = this.#take();
      if (kind !== "identifier") throw new SelectorError(`found '${key}', expected: identifier`);
      const badKey = keyProblem(key, "<nil>");
      if (badKey !== undefined) throw new SelectorError(badKey);
      if (negated) return requirement(key, "!", []);
      const following = this.#peek().kind;
      if (following === "end" || following === ",") return requirement(key, "exists", []);
      return this.#comparison(key);
    } catch (error) {
      if (error instanceof SelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #comparison(key: string): Requirement {
    const token = this.#tokens[this.#at++] ?? end;
    const operator = operators[token.kind];
    if (operator === undefined) throw new SelectorError(`found '${token.literal}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === "in" || operator === "notin" ? this.#values() : [this.#exactValue()];
    return requirement(key, operator, [...new Set(values)].sort());
  }

  #exactValue(): string {
    const next = this.#peek();
    if (next.kind === "end" || next.kind === ",") return "";
    this.#at++;
    if (next.kind === "identifier") return next.literal;
    throw new SelectorError(`found '${next.literal}', expected: identifier`);
  }

  #values(): string[] {
    const open = this.#take();
    if (open.kind !== "(") throw new SelectorError(`found '${open.literal}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ")") {
      this.#at++;
      return [""];
    }
    if (first.kind !== "identifier" && first.kind !== ",")
      throw new SelectorError(`found '${first.literal}', expected: ',', ')' or identifier`);
    const values = this.#list();
    if (this.#take().kind !== ")") throw new SelectorError(`found '${first.literal}', expected: ')'`);
    return values;
  }

  /** Identifiers between commas, each of which may be missing: `(,a,,b,)`. */
  #list(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.kind === "identifier") {
        values.push(token.literal);
        const next = this.#peek();
        if (next.kind === ")") return values;
        if (next.kind !== ",") throw new SelectorError(`found '${next.literal}', expected: ',' or ')'`);
      } else if (token.kind === ",") {
        if (values.length === 0) values.push("");
        const next = this.#peek();
        if (next.kind === ")") return [...values, ""];
        if (next.kind === ",") {
          this.#at++;
          values.push("");
        }
      } else throw new SelectorError(`found '${token.literal}', expected: ',', or identifier`);
    }
  }

  #peek(): Token {
    const token = this.#tokens[this.#at] ?? end;
    return token.kind === "in" || token.kind === "notin" ? { kind: "identifier", literal: token.literal } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }
}

const end: Token = { kind: "end", literal: "" };

/** The selector that a text stands for: `app=web,tier in (a, b),!legacy` (labels.Parse). Throws SelectorError. */
export const parseSelector = (text: string): Selector => (text === "" ? everything : new Selector(new Parser(text).parse()));
