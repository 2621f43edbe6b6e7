import type { LimitRange, LimitRangeItem } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { metadataErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";
import { roundAmounts } from "../podspec/round-amounts.ts";
import { validateLimitRange } from "./validation.ts";

const fillFrom = (target: Record<string, string>, source: Readonly<Record<string, string>> | undefined): void => {
  for (const name in source) if (!Object.hasOwn(target, name)) target[name] = source[name]!;
};

/** SetDefaults_LimitRangeItem: a container that says nothing gets what it may take at most, or what it needs at least. */
const setItemDefaults = (item: Draft<LimitRangeItem>): void => {
  const lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
  if (item.type === "Container") {
    const limits = (item.default ??= {});
    const requests = (item.defaultRequest ??= {});
    fillFrom(limits, item.max);
    fillFrom(requests, limits);
    fillFrom(requests, item.min);
  }
  for (const list of lists) {
    roundAmounts(item[list]);
    if (item[list] && Object.keys(item[list]).length === 0) delete item[list];
  }
};

export const limitRangeStrategy = defineStrategy<LimitRange>({
  group: "",
  resource: "limitranges",
  setDefaults: ({ spec }) => spec?.limits?.forEach(setItemDefaults),
  validate: validateLimitRange,
  validateUpdate: (next) => [...metadataErrors(next, true), ...validateLimitRange(next)],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
});
