const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `6m`, `1h30m`, `500ms`, or of a number as it is. Throws RangeError for anything else. */
export const milliseconds = (duration: string | number): number => {
  if (typeof duration === "number") return duration;
  const parts = [...duration.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== duration)
    throw new RangeError(`${JSON.stringify(duration)} is no duration, such as 6m or 1h30m`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
};
