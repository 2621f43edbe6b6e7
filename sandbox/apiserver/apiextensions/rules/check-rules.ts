import { estimateCost, type Program } from "../../../apimachinery/cel/index.ts";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import { forbiddenField, invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import type { CustomResourceDefinition } from "../definition/definition.ts";
import type { RuleCheck } from "../definition/validate.ts";
import { additionalOf, itemsOf, type JsonSchema } from "../schema/json-schema.ts";
import { compiledRules, type CompiledRule } from "./compiled-rules.ts";
import { mostItems, mostOccurrences } from "./schema-type.ts";

/** What one rule, and all rules of a schema together, may cost (StaticEstimatedCostLimit, StaticEstimatedCRDCostLimit). */
const mostForRule = 10_000_000;
const mostForSchema = 100_000_000;
/** How many of the most expensive rules are named. */
const namedAsExpensive = 4;

const advice = "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

const tooExpensive = (what: string, cost: number, most: number): string => {
  const factor = cost / most;
  const shown = factor > 100 ? "more than 100x" : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} ${advice}`;
};

/** Where in a schema a rule stands: how often it may run, and whether an old value can be told there. */
interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** Undefined where only the size of a request bounds it. */
  readonly times: number | undefined;
  /** The list or map within which old values cannot be told. */
  readonly uncorrelatable?: string;
}

const repeated = (times: number | undefined, most: number | undefined): number | undefined =>
  times === undefined || most === undefined ? undefined : times * most;

class RuleWeighing {
  readonly errors: FieldError[] = [];
  readonly #costs: { readonly path: string; readonly cost: number }[] = [];
  readonly #suppressCosts: boolean;

  constructor(suppressCosts: boolean) {
    this.#suppressCosts = suppressCosts;
  }

  walk(schema: JsonSchema, place: Place): void {
    const { path, times } = place;
    const below = (name: string, more: Partial<Place> = {}): Place => ({ ...place, isRoot: false, path: `${path}.${name}`, ...more });
    const additional = additionalOf(schema);
    if (additional) this.walk(additional, below("additionalProperties", { times: repeated(times, mostItems(schema)) }));
    const isAtomic = schema["x-kubernetes-map-type"] === "atomic";
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      this.walk(property, below(`properties[${name}]`, isAtomic ? { uncorrelatable: place.uncorrelatable ?? path } : {}));
    const items = itemsOf(schema);
    const isKeyed = schema["x-kubernetes-list-type"] === "map";
    if (items)
      this.walk(
        items,
        below("items", { times: repeated(times, mostItems(schema)), ...(!isKeyed && { uncorrelatable: place.uncorrelatable ?? path }) }),
      );
    for (const [at, rule] of compiledRules(schema, place.isRoot).entries())
      this.#weigh(rule, `${path}.x-kubernetes-validations[${String(at)}]`, { ...place, times: times ?? mostOccurrences(schema) });
  }

  #weigh(compiled: CompiledRule, where: string, { times, uncorrelatable }: Place & { readonly times: number }): void {
    const { rule } = compiled;
    this.#spend(`${where}.rule`, "estimated rule cost", compiled.program, times);
    if (compiled.error !== undefined) this.errors.push(invalidValue(`${where}.rule`, rule, compiled.error));
    if (compiled.messageError !== undefined) this.errors.push(invalidValue(`${where}.messageExpression`, rule, compiled.messageError));
    else this.#spend(`${where}.messageExpression`, "estimated messageExpression cost", compiled.message, 1);
    if (compiled.usesOldSelf) {
      if (uncorrelatable !== undefined)
        this.errors.push(
          invalidValue(
            `${where}.rule`,
            rule.rule,
            `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`,
          ),
        );
    } else if (rule.optionalOldSelf !== undefined && compiled.error === undefined)
      this.errors.push(invalidValue(`${where}.optionalOldSelf`, rule.optionalOldSelf, "may not be set if oldSelf is not used in rule"));
  }

  #spend(path: string, what: string, program: Program | undefined, times: number): void {
    if (!program) return;
    const each = estimateCost(program.node, program.checked);
    const cost = each === 0 ? 0 : each * times;
    if (cost > mostForRule && !this.#suppressCosts) this.errors.push(forbiddenField(path, tooExpensive(what, cost, mostForRule)));
    this.#costs.push({ path, cost });
  }

  total(path: string): FieldError[] {
    const total = this.#costs.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= mostForSchema) return [];
    const expensive = this.#costs
      .filter(({ cost }) => cost > 0)
      .sort((a, b) => b.cost - a.cost)
      .slice(0, namedAsExpensive);
    return [
      ...expensive.map((each) =>
        forbiddenField(each.path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"),
      ),
      forbiddenField(
        path,
        tooExpensive("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", total, mostForSchema),
      ),
    ];
  }
}

const isUnchanged = (schema: JsonSchema, previous: CustomResourceDefinition | undefined): boolean =>
  previous?.spec.versions.some((version) => deepEqual(version.schema?.openAPIV3Schema, schema)) ?? false;

/** Compiles the rules of a schema, and weighs what they may cost at most. */
export const checkSchemaRules: RuleCheck = (schema, path, previous) => {
  const weighing = new RuleWeighing(isUnchanged(schema, previous));
  weighing.walk(schema, { path, isRoot: true, times: 1 });
  return [...weighing.errors, ...weighing.total(path)];
};
