/** The types of every built-in kind and of the structs inside them: `Pod`, `PodSpec`, `Container`. Made by `npm run generate`. */
export type * from "./generated/types.ts";
