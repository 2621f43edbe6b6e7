/** Whether the whole text fits a shell pattern (`*`, `?`, `[a-z]`). Linear backtracking only: no pattern takes exponential time. */
export const matchesPattern = (pattern: string, text: string): boolean => {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const end = pattern[p] === "[" ? pattern.indexOf("]", p + 2) : -1;
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && end > 0 && inSet(pattern.slice(p + 1, end), text[t]!)) {
      p = end + 1;
      t++;
    } else if (p < pattern.length && end <= 0 && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
};

const inSet = (set: string, character: string): boolean => {
  const negated = /^[!^]/.test(set);
  const members = negated ? set.slice(1) : set;
  let found = false;
  for (let at = 0; at < members.length; at++) {
    if (members[at + 1] === "-" && at + 2 < members.length) {
      found ||= members[at]! <= character && character <= members[at + 2]!;
      at += 2;
    } else found ||= members[at] === character;
  }
  return found !== negated;
};
