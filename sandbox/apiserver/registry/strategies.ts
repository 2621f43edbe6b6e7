import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { customResourceDefinitionStrategy } from "../apiextensions/index.ts";
import { podStrategy } from "./core/pods/strategy.ts";
import type { Strategy } from "./strategy.ts";

/** Every built-in kind's strategy. Kinds that are not here get the generic behaviour. */
export const strategies: readonly Strategy[] = [podStrategy, customResourceDefinitionStrategy] as unknown as readonly Strategy<AnyObject>[];
