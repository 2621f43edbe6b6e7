export { BudgetError, type Budget } from "./evaluate.ts";
export { overload, type Functions, type Overload } from "./functions.ts";
export { estimateCost } from "./cost.ts";
export { CompileError } from "./parse.ts";
export { compile, functionsWith, kubernetesFunctions, type Program } from "./program.ts";
export * from "./types.ts";
export { CelError, fromJson, isCelMap, JsonObject, Optional, toJson, typeNameOf, type CelMap } from "./values.ts";
