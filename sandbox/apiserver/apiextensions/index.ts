import { definitionStrategy } from "./definition/strategy.ts";
import { checkSchemaRules } from "./rules/check-rules.ts";

export { Definitions, type DefinitionsOptions } from "./definitions.ts";
export { runRules } from "./rules/run-rules.ts";

/** CustomResourceDefinition's strategy, with the rules of its schemas compiled and weighed. */
export const customResourceDefinitionStrategy = definitionStrategy(checkSchemaRules);
