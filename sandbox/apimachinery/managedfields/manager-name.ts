const longest = 128;

/** Who writes: the named manager, or what the user agent begins with, without what does not print (managerOrUserAgent). */
export const managerOf = (fieldManager: string | undefined, userAgent: string): string => {
  if (fieldManager) return fieldManager;
  let name = "";
  for (const character of userAgent.split("/")[0] ?? "") {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) continue;
    if (Buffer.byteLength(name + character) > longest) break;
    name += character;
  }
  return name;
};
