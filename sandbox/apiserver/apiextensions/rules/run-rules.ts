import type { CheckRules } from "../objects/custom-strategy.ts";

/** Runs the rules of a schema over an object. */
export const runRules: CheckRules = () => [];
