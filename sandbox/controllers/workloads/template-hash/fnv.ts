/** FNV-32a of bytes, going on from what was hashed before them. */
export const fnv32a = (bytes: Uint8Array, before = 0x811c9dc5): number => {
  let hash = before;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

const safe = "bcdfghjklmnpqrstvwxz2456789";

/** FNV-32 (not "a"), which multiplies first. */
export const fnv32 = (bytes: Uint8Array): number => {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash, 0x01000193) ^ byte;
  return hash >>> 0;
};

/** The number's decimal digits as characters that form no words (`rand.SafeEncodeString`). */
export const safeEncode = (text: string): string => text.replace(/./g, (character) => safe[character.charCodeAt(0) % safe.length]!);
