import {
  SyntaxFault,
  type AndOr,
  type Command,
  type Pipeline,
  type Redirect,
  type Script,
  type Stage,
  type Word,
  type WordPart,
} from "./syntax.ts";

/** Parses a script; throws SyntaxFault. Nesting is bounded, since the text is a stranger's. */
export const parse = (text: string): Script => {
  const parser = new Parser(text);
  const script = parser.script([]);
  parser.expectEnd();
  return script;
};

const reserved = new Set(["then", "else", "elif", "fi", "do", "done", "esac", "}", ")", ";;"]);
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const maximumDepth = 60;

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  expectEnd(): void {
    this.#blank(true);
    if (this.#at < this.#text.length) throw this.#unexpected();
  }

  /** Commands up to one of the closing words, which stays. */
  script(closing: readonly string[]): Script {
    if (++this.#depth > maximumDepth) throw new SyntaxFault("maximum nesting depth exceeded");
    const list: AndOr[] = [];
    for (;;) {
      this.#blank(true);
      if (this.#at >= this.#text.length || closing.some((word) => this.#isWord(word))) break;
      if ([...reserved].some((word) => this.#isWord(word))) throw this.#unexpected();
      list.push(this.#andOr());
    }
    this.#depth--;
    return list;
  }

  #andOr(): AndOr {
    const first = this.#pipeline();
    const rest: { joint: "&&" | "||"; pipeline: Pipeline }[] = [];
    for (;;) {
      this.#blank(false);
      const joint = this.#text.startsWith("&&", this.#at) ? "&&" : this.#text.startsWith("||", this.#at) ? "||" : undefined;
      if (!joint) break;
      this.#at += 2;
      this.#blank(true);
      rest.push({ joint, pipeline: this.#pipeline() });
    }
    const background = this.#peek() === "&";
    if (background || (this.#peek() === ";" && !this.#text.startsWith(";;", this.#at))) this.#at++;
    return { first, rest, background };
  }

  #pipeline(): Pipeline {
    const negated = this.#take("!");
    if (negated) this.#blank(false);
    const stages: Stage[] = [this.#stage()];
    for (;;) {
      this.#blank(false);
      if (this.#peek() !== "|" || this.#text.startsWith("||", this.#at)) break;
      this.#at++;
      this.#blank(true);
      stages.push(this.#stage());
    }
    return { stages, negated };
  }

  #stage(): Stage {
    const redirects: Redirect[] = [];
    const command = this.#compound() ?? this.#simple(redirects);
    for (let redirect = this.#redirect(); redirect.length > 0; redirect = this.#redirect()) redirects.push(...redirect);
    return { command, redirects };
  }

  #compound(): Command | undefined {
    if (this.#take("if")) return this.#if();
    for (const word of ["while", "until"]) {
      if (!this.#take(word)) continue;
      const condition = this.script(["do"]);
      return { kind: "loop", until: word === "until", condition, body: this.#doDone() };
    }
    if (this.#take("for")) return this.#for();
    if (this.#take("case")) return this.#case();
    if (this.#take("{")) {
      const body = this.script(["}"]);
      this.#expect("}");
      return { kind: "group", body, subshell: false };
    }
    if (this.#peek() === "(") {
      this.#at++;
      const body = this.script([")"]);
      this.#expect(")");
      return { kind: "group", body, subshell: true };
    }
    const definition = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*\([ \t]*\)/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (!definition) return undefined;
    this.#at += definition[0].length;
    this.#blank(true);
    const body = this.#compound();
    if (!body) throw this.#unexpected();
    return { kind: "function", name: definition[1]!, body };
  }

  #if(): Command {
    const branches: { condition: Script; then: Script }[] = [];
    let otherwise: Script | undefined;
    do {
      const condition = this.script(["then"]);
      this.#expect("then");
      branches.push({ condition, then: this.script(["elif", "else", "fi"]) });
    } while (this.#take("elif"));
    if (this.#take("else")) otherwise = this.script(["fi"]);
    this.#expect("fi");
    return { kind: "if", branches, otherwise };
  }

  #for(): Command {
    this.#blank(false);
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(this.#at, this.#at + 100))?.[0];
    if (name === undefined) throw this.#unexpected();
    this.#at += name.length;
    this.#blank(true);
    const words: Word[] = [];
    if (this.#take("in")) {
      this.#blank(false);
      while (this.#at < this.#text.length && !";\n".includes(this.#peek())) {
        words.push(this.#word());
        this.#blank(false);
      }
    }
    if (this.#peek() === ";") this.#at++;
    return { kind: "for", name, words, body: this.#doDone() };
  }

  #case(): Command {
    this.#blank(false);
    const word = this.#word();
    this.#expect("in");
    const arms: { patterns: Word[]; body: Script }[] = [];
    while (!this.#take("esac")) {
      if (this.#peek() === "(") this.#at++;
      const patterns: Word[] = [];
      do {
        this.#blank(false);
        patterns.push(this.#word());
        this.#blank(false);
      } while (this.#peek() === "|" && ++this.#at);
      if (this.#peek() !== ")") throw this.#unexpected();
      this.#at++;
      arms.push({ patterns, body: this.script([";;", "esac"]) });
      if (this.#text.startsWith(";;", this.#at)) this.#at += 2;
    }
    return { kind: "case", word, arms };
  }

  #doDone(): Script {
    this.#expect("do");
    const body = this.script(["done"]);
    this.#expect("done");
    return body;
  }

  #simple(redirects: Redirect[]): Command {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    for (;;) {
      this.#blank(false);
      const found = this.#redirect();
      if (found.length > 0) {
        redirects.push(...found);
        continue;
      }
      if (this.#at >= this.#text.length || "\n;&|()".includes(this.#peek())) break;
      const assigned = words.length === 0 ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(this.#text.slice(this.#at, this.#at + 200)) : null;
      if (assigned) {
        this.#at += assigned[0].length;
        assignments.push({ name: assigned[1]!, value: " \t\n;&|()".includes(this.#peek() || " ") ? [] : this.#word() });
      } else {
        words.push(this.#word());
      }
    }
    if (assignments.length === 0 && words.length === 0 && redirects.length === 0) throw this.#unexpected();
    return { kind: "simple", assignments, words };
  }

  #redirect(): Redirect[] {
    this.#blank(false);
    const found = /^(\d?)(>>|>&|<|>)|^&>/.exec(this.#text.slice(this.#at, this.#at + 4));
    if (!found) return [];
    this.#at += found[0].length;
    this.#blank(false);
    const target = this.#word();
    if (found[0] === "&>")
      return [
        { fd: 1, operator: ">", target },
        { fd: 2, operator: ">&", target: [{ kind: "text", text: "1", quoted: false }] },
      ];
    const operator = found[2] as Redirect["operator"];
    return [{ fd: found[1] ? Number(found[1]) : operator === "<" ? 0 : 1, operator, target }];
  }

  #word(): Word {
    const parts: WordPart[] = [];
    while (this.#at < this.#text.length && !" \t\n;&|()<>".includes(this.#peek())) this.#part(parts, false);
    if (parts.length === 0) throw this.#unexpected();
    return parts;
  }

  #part(parts: WordPart[], quoted: boolean): void {
    const character = this.#peek();
    if (character === "'" && !quoted) {
      const end = this.#text.indexOf("'", this.#at + 1);
      if (end < 0) throw new SyntaxFault("unterminated quoted string");
      parts.push({ kind: "text", text: this.#text.slice(this.#at + 1, end), quoted: true });
      this.#at = end + 1;
    } else if (character === '"' && !quoted) {
      this.#at++;
      const before = parts.length;
      while (this.#peek() !== '"') {
        if (this.#at >= this.#text.length) throw new SyntaxFault("unterminated quoted string");
        this.#part(parts, true);
      }
      this.#at++;
      if (parts.length === before) parts.push({ kind: "text", text: "", quoted: true });
    } else if (character === "\\") {
      const next = this.#text[this.#at + 1] ?? "";
      const kept = quoted && !'"\\$`\n'.includes(next) ? `\\${next}` : next === "\n" ? "" : next;
      parts.push({ kind: "text", text: kept, quoted: true });
      this.#at += 2;
    } else if (character === "$") {
      this.#expansion(parts, quoted);
    } else if (character === "`") {
      const end = this.#text.indexOf("`", this.#at + 1);
      if (end < 0) throw new SyntaxFault("unterminated quoted string");
      parts.push({ kind: "command", script: parse(this.#text.slice(this.#at + 1, end)), quoted });
      this.#at = end + 1;
    } else {
      const stop = quoted ? /["\\$`]/g : /["'\\$` \t\n;&|()<>]/g;
      stop.lastIndex = this.#at;
      const end = stop.exec(this.#text)?.index ?? this.#text.length;
      parts.push({ kind: "text", text: this.#text.slice(this.#at, end), quoted });
      this.#at = end;
    }
  }

  #expansion(parts: WordPart[], quoted: boolean): void {
    const rest = this.#text.slice(this.#at, this.#at + 300);
    if (rest.startsWith("$((")) {
      const end = this.#text.indexOf("))", this.#at);
      if (end < 0) throw new SyntaxFault("missing '))'");
      parts.push({ kind: "arithmetic", text: this.#text.slice(this.#at + 3, end), quoted });
      this.#at = end + 2;
    } else if (rest.startsWith("$(")) {
      this.#at += 2;
      const script = this.script([")"]);
      this.#expect(")");
      parts.push({ kind: "command", script, quoted });
    } else if (rest.startsWith("${")) {
      this.#braced(parts, quoted);
    } else {
      const name = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9?#@*$!])/.exec(rest)?.[1];
      parts.push(name === undefined ? { kind: "text", text: "$", quoted } : { kind: "variable", name, quoted });
      this.#at += 1 + (name?.length ?? 0);
    }
  }

  #braced(parts: WordPart[], quoted: boolean): void {
    const found = /^\$\{(#?)([A-Za-z_][A-Za-z0-9_]*|[0-9?#@*$!])(:?[-+=?]|##?|%%?)?/.exec(this.#text.slice(this.#at, this.#at + 300));
    if (!found) throw new SyntaxFault("bad substitution");
    this.#at += found[0].length;
    const argument: WordPart[] = [];
    while (this.#peek() !== "}") {
      if (this.#at >= this.#text.length) throw new SyntaxFault("missing '}'");
      if (" \t;|&()<>".includes(this.#peek())) argument.push({ kind: "text", text: this.#text[this.#at++]!, quoted });
      else if (this.#plainUntilBrace(argument, quoted)) continue;
      else this.#part(argument, quoted);
    }
    this.#at++;
    const operator = found[1] === "#" ? "length" : found[3];
    parts.push({ kind: "variable", name: found[2]!, ...(operator !== undefined && { operator }), argument, quoted });
  }

  #plainUntilBrace(parts: WordPart[], quoted: boolean): boolean {
    const plain = /^[^}"'\\$` \t;|&()<>]+/.exec(this.#text.slice(this.#at))?.[0];
    if (plain === undefined) return false;
    parts.push({ kind: "text", text: plain, quoted });
    this.#at += plain.length;
    return true;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  /** Skips blanks and comments; line ends and lone separators too where the grammar lets them stand. */
  #blank(lines: boolean): void {
    for (;;) {
      const character = this.#peek();
      if (character === " " || character === "\t" || (character === "\\" && this.#text[this.#at + 1] === "\n"))
        this.#at += character === "\\" ? 2 : 1;
      else if (lines && (character === "\n" || character === "\r")) this.#at++;
      else if (character === "#" && (this.#at === 0 || /\s|;/.test(this.#text[this.#at - 1]!)))
        this.#at = (this.#text.indexOf("\n", this.#at) + 1 || this.#text.length + 1) - 1;
      else return;
    }
  }

  #isWord(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    const after = this.#text[this.#at + word.length];
    return !namePattern.test(word) || after === undefined || /[\s;&|()<>]/.test(after);
  }

  #take(word: string): boolean {
    this.#blank(true);
    if (!this.#isWord(word)) return false;
    if ((word === "!" || word === "{") && !/\s/.test(this.#text[this.#at + 1] ?? "")) return false;
    this.#at += word.length;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word))
      throw this.#at >= this.#text.length ? new SyntaxFault(`unexpected end of file (expecting "${word}")`) : this.#unexpected();
  }

  #unexpected(): SyntaxFault {
    const token = /^(\n|\S+)/.exec(this.#text.slice(this.#at, this.#at + 30))?.[0];
    return new SyntaxFault(token === undefined ? "unexpected end of file" : `unexpected "${token === "\n" ? "newline" : token}"`);
  }
}
