/** A label's value. What every object inherits, such as `constructor`, is no label. */
export const labelOf = (labels: Readonly<Record<string, string>>, key: string): string | undefined => {
  const value: unknown = labels[key];
  return typeof value === "string" ? value : undefined;
};
