import { isSemanticallyEqual } from "./equality.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a refusal of a change tells a reader: the fields that differ, old (`-`) and new (`+`), in the manner of go-cmp. */
export const difference = (previous: unknown, next: unknown): string => `  {\n${lines(previous, next, "  ").join("\n")}\n  }\n`;

const lines = (previous: unknown, next: unknown, path: string): readonly string[] => {
  if (isSemanticallyEqual(previous, next)) return [];
  if (!isFields(previous) || !isFields(next)) {
    return [...(previous === undefined ? [] : [`-${path}${show(previous)},`]), ...(next === undefined ? [] : [`+${path}${show(next)},`])];
  }
  return [...new Set([...Object.keys(previous), ...Object.keys(next)])].flatMap((key) =>
    lines(previous[key], next[key], path === "  " ? `  ${key}: ` : `${path.slice(0, -2)}.${key}: `),
  );
};

const show = (value: unknown): string => JSON.stringify(value);
