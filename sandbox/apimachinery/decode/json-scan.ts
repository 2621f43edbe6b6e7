/** What a glance over JSON text tells, without parsing it. Meaningful for valid JSON only. */
export interface JsonScan {
  /** Members of all objects together. More than in the parsed value: some names are there twice. */
  readonly members: number;
  /** Levels of nesting. */
  readonly depth: number;
  /** Whether a number is written in a way that parsing forgets: `1.0`, `1e3`, or more digits than a double holds. */
  readonly unusualNumbers: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const safeDigits = 15;

/** One pass over the bytes, about a nanosecond each. */
export const scanJson = (bytes: Uint8Array): JsonScan => {
  let members = 0;
  let depth = 0;
  let deepest = 0;
  let unusualNumbers = false;
  let digits = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (byte === quote) {
      index++;
      while (index < bytes.length && bytes[index] !== quote) index += bytes[index] === backslash ? 2 : 1;
      digits = 0;
    } else if (byte >= 0x30 && byte <= 0x39) {
      if (++digits > safeDigits) unusualNumbers = true;
    } else {
      if (digits > 0 && (byte === 0x2e || byte === 0x65 || byte === 0x45)) unusualNumbers = true;
      digits = 0;
      if (byte === colon) members++;
      else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > deepest) deepest = depth;
      } else if (byte === 0x7d || byte === 0x5d) depth--;
    }
  }
  return { members, depth: deepest, unusualNumbers };
};
