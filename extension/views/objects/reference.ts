import type { KubeObject, ResourceType } from "../../../sandbox/index.ts";
import type { Reference } from "../row.ts";

export const referenceTo = (type: ResourceType, { metadata }: KubeObject): Reference => ({
  type,
  namespace: metadata.namespace,
  name: metadata.name ?? "",
  uid: metadata.uid,
});

/** Ordered by name, digits by their value: `web-2` before `web-10`. */
const collator = new Intl.Collator("en", { numeric: true });
export const byName = (one: KubeObject, other: KubeObject): number => collator.compare(one.metadata.name ?? "", other.metadata.name ?? "");

/** `1 pod`, `3 pods`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** A Markdown table of facts; those without a value are left out. */
export const facts = (title: string, rows: Readonly<Record<string, string | number | undefined>>): string => {
  const given = Object.entries(rows).filter(([, value]) => value !== undefined && value !== "");
  const cell = (value: string | number) =>
    String(value)
      .replace(/[\\`*_{}[\]<>|#!]/g, "\\$&")
      .replace(/\s*\n\s*/g, " ");
  return [`**${cell(title)}**`, "", "| | |", "|---|---|", ...given.map(([name, value]) => `| ${cell(name)} | ${cell(value ?? "")} |`)].join(
    "\n",
  );
};

/** Groups, in order of their keys. */
export const grouped = <T>(items: Iterable<T>, keyOf: (item: T) => string): readonly (readonly [key: string, items: readonly T[]])[] =>
  [...Map.groupBy(items, keyOf)].sort(([one], [other]) => collator.compare(one, other));

export const namespaceOf = ({ metadata }: KubeObject): string => metadata.namespace ?? "";

/** The labels as selectors write them. */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string | undefined =>
  labels &&
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
