/** Chance as every component sees it: seeded, so that the same seed and inputs give the same cluster. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  integer(below: number): number;
  /** A version 4 UUID, as `metadata.uid`. */
  uuid(): string;
  /** Letters and digits that form no words (Kubernetes' `rand.String`), as for `generateName`. */
  suffix(length?: number): string;
  /** A stream of its own, which does not depend on how much others drew from this one. */
  fork(name: string): Random;
}

const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A seeded generator (sfc32): quick, and plenty for names and ties; never for keys or tokens. */
export class SeededRandom implements Random {
  readonly #seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#seed = seed;
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 0x1_0000_0000) | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let round = 0; round < 12; round++) this.#word();
  }

  next(): number {
    return this.#word() / 0x1_0000_0000;
  }

  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  uuid(): string {
    let text = "";
    for (let word = 0; word < 4; word++) {
      const bits = this.#word();
      const high = word === 1 ? 0x40 | ((bits >>> 8) & 0x0f) : (bits >>> 8) & 0xff;
      const first = word === 2 ? 0x80 | ((bits >>> 24) & 0x3f) : bits >>> 24;
      text += hex[first]! + hex[(bits >>> 16) & 0xff]! + hex[high]! + hex[bits & 0xff]!;
    }
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
  }

  suffix(length = 5): string {
    let text = "";
    for (let index = 0; index < length; index++) text += alphabet[this.integer(alphabet.length)]!;
    return text;
  }

  fork(name: string): Random {
    let hash = 0x811c9dc5;
    for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    return new SeededRandom((this.#seed ^ hash) >>> 0);
  }

  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}
