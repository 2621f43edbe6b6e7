/** Whether there is nothing in it: absent, null, an empty list or an empty object. Go's omitempty writes none of them. */
const isNothing = (value: unknown): boolean => {
  if (value === undefined || value === null) return true;
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) if (!isNothing((value as Record<string, unknown>)[key])) return false;
  return true;
};

/**
 * Whether two JSON values mean the same to Kubernetes (apiequality.Semantic.DeepEqual): an empty list or map is as good as none.
 * Quantities and times are compared as they are written; decoding has made them canonical.
 */
export const isSemanticallyEqual = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return isNothing(left) && isNothing(right);
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right)) return isNothing(left) && isNothing(right);
    if (left.length !== right.length) return false;
    for (let at = 0; at < left.length; at++) if (!isSemanticallyEqual(left[at], right[at])) return false;
    return true;
  }
  const [lefts, rights] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  for (const key in lefts) if (!isSemanticallyEqual(lefts[key], Object.hasOwn(rights, key) ? rights[key] : undefined)) return false;
  for (const key in rights) if (!Object.hasOwn(lefts, key) && !isNothing(rights[key])) return false;
  return true;
};
