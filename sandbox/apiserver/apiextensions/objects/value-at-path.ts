/** What stands at a simple JSON path, `.spec.replicas`; undefined where nothing does. */
export const valueAtPath = (object: unknown, path: string): unknown => {
  let value = object;
  for (const name of path.split(".").filter((part) => part !== "")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
};
