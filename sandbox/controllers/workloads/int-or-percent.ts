import type { IntOrString } from "../../api/types.ts";

/** A number, or so many percent of `total` (GetScaledValueFromIntOrPercent); throws where it is neither. */
export const scaledValue = (value: IntOrString | undefined, total: number, roundUp: boolean): number => {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  const percent = /^([+-]?\d+)%$/.exec(value);
  if (!percent) throw new Error(`invalid value for IntOrString: invalid type: string is not a percentage`);
  const exact = (Number(percent[1]) * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
};
