/** A number whose text matters: `1.0` is not an integer to Go, and 2^63 does not fit a double. */
export class NumberLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Where the members of an object stand in the text, and which names came again. */
export interface MemberPlaces {
  readonly offsets: ReadonlyMap<string, number>;
  readonly repeated: readonly { readonly name: string; readonly offset: number }[];
}

export interface ReadJson {
  readonly value: unknown;
  readonly places: WeakMap<object, MemberPlaces>;
}

/** Text that is no JSON; the message is Go's (encoding/json's SyntaxError). */
export class JsonSyntaxError extends Error {}

/** Deeper than this nobody decodes. Go's bound is 10,000, but whoever walks an object would exhaust the stack long before. */
export const deepestJson = 500;

/**
 * Reads JSON as Go's decoder does: slower than JSON.parse, but it says what is wrong in Go's words, remembers where members
 * stand and which are repeated (objects under a repeated name are joined, as decoding twice into one struct does), and keeps unusual numbers' text.
 */
export const readJson = (text: string): ReadJson => new JsonReader(text).read();

class JsonReader {
  readonly #text: string;
  readonly #places = new WeakMap<object, MemberPlaces>();
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ReadJson {
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("after top-level value");
    return { value, places: this.#places };
  }

  #value(): unknown {
    const first = this.#text[this.#at];
    if (first === "{") return this.#nested(() => this.#object());
    if (first === "[") return this.#nested(() => this.#array());
    if (first === '"') return this.#string();
    if (first === "t") return this.#word("true", true);
    if (first === "f") return this.#word("false", false);
    if (first === "n") return this.#word("null", null);
    if (first === "-" || isDigit(first)) return this.#number();
    return this.#fail("looking for beginning of value");
  }

  #nested(read: () => unknown): unknown {
    if (++this.#depth > deepestJson) throw new JsonSyntaxError("exceeded max depth");
    this.#at++;
    this.#skipSpace();
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): unknown {
    const object: Record<string, unknown> = {};
    const offsets = new Map<string, number>();
    const repeated: { name: string; offset: number }[] = [];
    this.#places.set(object, { offsets, repeated });
    for (let first = true; ; first = false) {
      if (first && this.#text[this.#at] === "}") break;
      if (this.#text[this.#at] !== '"') this.#fail("looking for beginning of object key string");
      const offset = this.#at;
      const name = this.#string();
      this.#skipSpace();
      if (this.#text[this.#at] !== ":") this.#fail("after object key");
      this.#at++;
      this.#skipSpace();
      const value = this.#value();
      if (offsets.has(name)) repeated.push({ name, offset });
      else offsets.set(name, offset);
      this.#store(object, name, value);
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next === "}") break;
      if (next !== ",") this.#fail("after object key:value pair");
      this.#at++;
      this.#skipSpace();
    }
    this.#at++;
    return object;
  }

  #store(object: Record<string, unknown>, name: string, value: unknown): void {
    const known = Object.hasOwn(object, name) ? object[name] : undefined;
    if (isObject(known) && isObject(value)) return this.#join(known, value);
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }

  #join(into: Record<string, unknown>, from: Record<string, unknown>): void {
    const [before, after] = [this.#places.get(into)!, this.#places.get(from)!];
    const offsets = new Map([...after.offsets, ...before.offsets]);
    this.#places.set(into, { offsets, repeated: [...before.repeated, ...after.repeated] });
    for (const [name, value] of Object.entries(from)) this.#store(into, name, value);
  }

  #array(): unknown {
    const items: unknown[] = [];
    for (let first = true; ; first = false) {
      if (first && this.#text[this.#at] === "]") break;
      items.push(this.#value());
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next === "]") break;
      if (next !== ",") this.#fail("after array element");
      this.#at++;
      this.#skipSpace();
    }
    this.#at++;
    return items;
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '"') break;
      if (character === undefined || character < " ") this.#fail("in string literal");
      this.#at++;
      if (character === "\\") this.#escape();
    }
    this.#at++;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #escape(): void {
    const escaped = this.#text[this.#at];
    if (escaped === undefined || !'bfnrt\\/"u'.includes(escaped)) this.#fail("in string escape code");
    this.#at++;
    if (escaped !== "u") return;
    for (let digit = 0; digit < 4; digit++, this.#at++)
      if (!/^[0-9a-fA-F]$/.test(this.#text[this.#at] ?? "")) this.#fail("in \\u hexadecimal character escape");
  }

  #word(word: string, value: unknown): unknown {
    for (let index = 0; index < word.length; index++) {
      const letter = word.charAt(index);
      if (this.#text[this.#at] !== letter) this.#fail(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
    return value;
  }

  #number(): unknown {
    const start = this.#at;
    if (this.#text[this.#at] === "-") {
      this.#at++;
      if (!isDigit(this.#text[this.#at])) this.#fail("in numeric literal");
    }
    if (this.#text[this.#at] === "0") this.#at++;
    else this.#digits();
    if (this.#text[this.#at] === ".") {
      this.#at++;
      if (!isDigit(this.#text[this.#at])) this.#fail("after decimal point in numeric literal");
      this.#digits();
    }
    if (this.#text[this.#at] === "e" || this.#text[this.#at] === "E") {
      this.#at++;
      if (this.#text[this.#at] === "+" || this.#text[this.#at] === "-") this.#at++;
      if (!isDigit(this.#text[this.#at])) this.#fail("in exponent of numeric literal");
      this.#digits();
    }
    const literal = this.#text.slice(start, this.#at);
    return /^-?\d{1,15}$/.test(literal) ? Number(literal) : new NumberLiteral(literal);
  }

  #digits(): void {
    while (isDigit(this.#text[this.#at])) this.#at++;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && " \t\r\n".includes(this.#text[this.#at]!)) this.#at++;
  }

  #fail(where: string): never {
    const character = this.#text[this.#at];
    throw new JsonSyntaxError(character === undefined ? "unexpected end of JSON input" : `invalid character ${quoted(character)} ${where}`);
  }
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= "0" && character <= "9";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral);

/** A character as Go's scanner quotes it: it sees bytes, of a character beyond ASCII the first. */
const quoted = (character: string): string => {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  const byte = Buffer.from(character, "utf8")[0]!;
  if (byte >= 0xa1 && byte !== 0xad) return `'${String.fromCharCode(byte)}'`;
  const short: Readonly<Record<string, string>> = {
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\u0007": "\\a",
    "\\": "\\\\",
  };
  if (short[character] !== undefined) return `'${short[character]}'`;
  if (byte >= 0x20 && byte < 0x7f) return `'${character}'`;
  return byte < 0x80 ? `'\\x${byte.toString(16).padStart(2, "0")}'` : `'\\u${byte.toString(16).padStart(4, "0")}'`;
};

/** The value with plain numbers for literals. */
export const plainNumbers = (value: unknown): unknown => {
  if (value instanceof NumberLiteral) return Number(value.text);
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (!isObject(value)) return value;
  for (const name of Object.keys(value))
    if (typeof value[name] === "object")
      Object.defineProperty(value, name, { value: plainNumbers(value[name]), enumerable: true, configurable: true, writable: true });
  return value;
};
