import { RE2JS } from "re2js";
import { CelError } from "../values.ts";

const known = new Map<string, RE2JS>();

/** A user's pattern, in linear time. Throws CelError. */
export const compilePattern = (pattern: string): RE2JS => {
  let compiled = known.get(pattern);
  if (!compiled) {
    if (known.size > 1024) known.clear();
    try {
      compiled = RE2JS.compile(pattern);
    } catch (error) {
      throw new CelError(error instanceof Error ? error.message : String(error));
    }
    known.set(pattern, compiled);
  }
  return compiled;
};
