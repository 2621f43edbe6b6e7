import { compile, CompileError, optionalOf, type CelType, type Program } from "../../../apimachinery/cel/index.ts";
import type { JsonSchema, ValidationRule } from "../schema/json-schema.ts";
import { selfType } from "./schema-type.ts";

/** A rule that can be run, or why it cannot. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program?: Program;
  readonly error?: string;
  readonly message?: Program;
  readonly messageError?: string;
  readonly usesOldSelf: boolean;
}

type Outcome = { readonly program: Program } | { readonly error: string };

const tried = (
  text: string,
  variables: ReadonlyMap<string, CelType>,
  wanted: "bool" | "string",
  words: { readonly failed: string; readonly type: string },
): Outcome => {
  try {
    const program = compile(text, variables);
    return program.type.kind === wanted ? { program } : { error: words.type };
  } catch (error) {
    if (error instanceof CompileError) return { error: `${words.failed}: ${error.message}` };
    throw error;
  }
};

const compiledRule = (rule: ValidationRule, self: CelType): CompiledRule => {
  const variables = new Map([
    ["self", self],
    ["oldSelf", rule.optionalOldSelf ? optionalOf(self) : self],
  ]);
  const outcome = tried(rule.rule, variables, "bool", { failed: "compilation failed", type: "cel expression must evaluate to a bool" });
  const message = rule.messageExpression
    ? tried(rule.messageExpression, variables, "string", {
        failed: "messageExpression compilation failed",
        type: "messageExpression must evaluate to a string",
      })
    : undefined;
  return {
    rule,
    usesOldSelf: "program" in outcome && outcome.program.uses("oldSelf"),
    ...outcome,
    ...(message && ("program" in message ? { message: message.program } : { messageError: message.error })),
  };
};

const known = new WeakMap<JsonSchema, readonly CompiledRule[]>();
const knownAtRoot = new WeakMap<JsonSchema, readonly CompiledRule[]>();

/** The rules of one schema, compiled once. */
export const compiledRules = (schema: JsonSchema, isRoot: boolean): readonly CompiledRule[] => {
  const rules = schema["x-kubernetes-validations"];
  if (!rules || rules.length === 0) return [];
  const cache = isRoot ? knownAtRoot : known;
  let compiled = cache.get(schema);
  if (!compiled) {
    const self = selfType(schema, isRoot);
    compiled = self ? rules.map((rule) => compiledRule(rule, self)) : [];
    cache.set(schema, compiled);
  }
  return compiled;
};
