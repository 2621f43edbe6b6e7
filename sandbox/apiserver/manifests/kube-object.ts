/** True for what names its kind; else what kubectl says is missing. */
export const isKubeObject = (value: unknown): true | string => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "the object provided is unrecognized: it is no mapping";
  const { apiVersion, kind } = value as Readonly<Record<string, unknown>>;
  const isText = (text: unknown) => typeof text === "string" && text !== "";
  const missing = [...(isText(apiVersion) ? [] : ["apiVersion not set"]), ...(isText(kind) ? [] : ["kind not set"])];
  return missing.length === 0 ? true : `error validating data: [${missing.join(", ")}]`;
};
