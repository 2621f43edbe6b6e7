/**
 * A set of fields in the form in which it is stored (FieldsV1): a tree whose keys are path elements, `{"f:spec": {"f:replicas": {}}}`.
 * A node is a member when it is empty or holds `.`; other nodes only lead to members. Sets are never changed, and share what they have in common.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

/** A set under construction. */
export type FieldSetDraft = Record<string, FieldSet>;

/** A node that is a member and leads to nothing. */
export const leaf: FieldSet = Object.freeze({});
export const emptySet: FieldSet = leaf;

const self = ".";

/** Whether a set has no members. */
export const isEmptySet = (set: FieldSet): boolean => {
  for (const key in set) if (Object.hasOwn(set, key)) return false;
  return true;
};

const isLeaf = isEmptySet;

/** The node of an element, or undefined; never an inherited property. */
export const nodeAt = (set: FieldSet, element: string): FieldSet | undefined => (Object.hasOwn(set, element) ? set[element] : undefined);

/** Whether a node is itself a member of the set. */
export const isMember = (node: FieldSet): boolean => Object.hasOwn(node, self) || isLeaf(node);

/** The same node as a member. */
export const asMember = (node: FieldSet): FieldSet => (isMember(node) ? node : { [self]: leaf, ...node });

/** Elements of a set, or of what a node leads to. */
export const elementsOf = (set: FieldSet): string[] => Object.keys(set).filter((element) => element !== self);

const asNode = (content: FieldSetDraft): FieldSet => {
  const keys = Object.keys(content);
  return keys.length === 1 && keys[0] === self ? leaf : content;
};

const unionOfNodes = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b || isLeaf(b)) return asMember(a);
  if (isLeaf(a)) return asMember(b);
  return union(a, b);
};

/** Members of either. */
export const union = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  let result: FieldSetDraft | undefined;
  for (const key of Object.keys(b)) {
    const [mine, other] = [nodeAt(a, key), b[key] ?? leaf];
    const merged = mine === undefined ? other : key === self ? mine : unionOfNodes(mine, other);
    if (merged !== mine) (result ??= { ...a })[key] = merged;
  }
  return result ?? a;
};

/** What is left of a node, or undefined. `whole`: a member of the other takes everything below it along. */
const nodeWithout = (a: FieldSet, b: FieldSet, whole: boolean): FieldSet | undefined => {
  const [memberOfA, memberOfB] = [isMember(a), isMember(b)];
  if (memberOfB && (whole || isLeaf(a))) return undefined;
  if (isLeaf(a)) return a;
  if (isLeaf(b)) {
    if (!memberOfA) return a;
    const { [self]: _, ...below } = a;
    return isEmptySet(below) ? undefined : below;
  }
  const rest = without(a, b, whole);
  return isEmptySet(rest) ? undefined : rest === a ? a : asNode(rest);
};

const without = (a: FieldSet, b: FieldSet, whole: boolean): FieldSet => {
  let result: FieldSetDraft | undefined;
  for (const key of Object.keys(b)) {
    const mine = nodeAt(a, key);
    if (mine === undefined) continue;
    const rest = key === self ? undefined : nodeWithout(mine, b[key] ?? leaf, whole);
    if (rest === mine) continue;
    result ??= { ...a };
    if (rest === undefined) Reflect.deleteProperty(result, key);
    else result[key] = rest;
  }
  return result ?? a;
};

/** Members of the first that are not members of the second. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => without(a, b, false);

/** The first without the members of the second and everything below them. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet => without(a, b, true);

const commonNode = (a: FieldSet, b: FieldSet): FieldSet | undefined => {
  const member = isMember(a) && isMember(b);
  if (isLeaf(a) || isLeaf(b)) return member ? leaf : undefined;
  const { [self]: _, ...below } = intersection(a, b);
  if (member) return isEmptySet(below) ? leaf : { [self]: leaf, ...below };
  return isEmptySet(below) ? undefined : below;
};

/** Members of both. */
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b) return a;
  const result: FieldSetDraft = {};
  for (const key of Object.keys(a)) {
    const other = nodeAt(b, key);
    if (other === undefined || key === self) continue;
    const common = commonNode(a[key] ?? leaf, other);
    if (common !== undefined) result[key] = common;
  }
  return result;
};

/** Whether the field at a path is a member. */
export const has = (set: FieldSet, path: readonly string[]): boolean => {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = nodeAt(node, element);
    if (node === undefined) return false;
  }
  return path.length > 0 && isMember(node);
};

/** The set of one field. */
export const setOf = (path: readonly string[]): FieldSet => path.reduceRight<FieldSet>((below, element) => ({ [element]: below }), leaf);

/** The set of fields named by dotted paths: `status`, `metadata.generation`. */
export const setOfPaths = (paths: readonly string[]): FieldSet =>
  paths.reduce<FieldSet>((set, path) => union(set, setOf(path.split(".").map((name) => `f:${name}`))), emptySet);
