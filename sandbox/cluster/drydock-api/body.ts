import { badRequest } from "../../apimachinery/errors/constructors.ts";

/** The group of what Kubernetes has no word for. */
export const drydockGroup = "drydock.dev";
export const drydockVersion = `${drydockGroup}/v1alpha1`;

/** The fields of a body; none where there is no body. Throws 400 for what is no object. */
export const bodyFields = (body: unknown): Readonly<Record<string, unknown>> => {
  if (body === undefined || body === null) return {};
  if (typeof body !== "object" || Array.isArray(body)) throw badRequest("the body must be an object");
  return body as Readonly<Record<string, unknown>>;
};
