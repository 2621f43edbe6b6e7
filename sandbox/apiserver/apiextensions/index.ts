export { definitionStrategy } from "./definition/strategy.ts";
export { Definitions, type DefinitionsOptions } from "./definitions.ts";
