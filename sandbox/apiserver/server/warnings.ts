const longestWarnings = 4096;

/** `Warning` headers, one a text: `299 - "text"`. Texts that would not fit the header's bound are left out, as upstream does. */
export const warningHeaders = (warnings: readonly string[] | undefined): Readonly<Record<string, readonly string[]>> => {
  if (!warnings?.length) return {};
  const headers: string[] = [];
  let length = 0;
  for (const text of new Set(warnings)) {
    const header = `299 - ${quotedText(text)}`;
    length += header.length;
    if (length > longestWarnings) break;
    headers.push(header);
  }
  return { warning: headers };
};

/** A quoted string of HTTP: characters a header may not carry become spaces. */
const quotedText = (text: string): string =>
  `"${Array.from(text, (character) => (isPlain(character) ? character.replaceAll(/["\\]/g, "\\$&") : " ")).join("")}"`;

const isPlain = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code < 0xa0);
};
