import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import type { Attributes } from "./authorizer.ts";

const quoted = (text: string | undefined): string => JSON.stringify(text ?? "");

/** `User "ann" cannot list resource "pods" in API group "" in the namespace "shop"`, as upstream's `forbiddenMessage`. */
export const forbiddenMessage = ({ user, verb, group, resource, subresource, namespace, path }: Attributes): string => {
  if (resource === undefined) return `User ${quoted(user.name)} cannot ${verb} path ${quoted(path)}`;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${quoted(namespace)}` : "at the cluster scope";
  return `User ${quoted(user.name)} cannot ${verb} resource ${quoted(what)} in API group ${quoted(group)} ${where}`;
};

/** The 403 of a request that nobody allowed. */
export const notAuthorized = (attributes: Attributes, reason: string): StatusError => {
  const { group, resource, name } = attributes;
  const why = reason === "" ? forbiddenMessage(attributes) : `${forbiddenMessage(attributes)}: ${reason}`;
  if (resource === undefined) return failure(403, "Forbidden", `forbidden: ${why}`, {});
  const qualified = group ? `${resource}.${group}` : resource;
  return failure(403, "Forbidden", name ? `${qualified} ${quoted(name)} is forbidden: ${why}` : `${qualified} is forbidden: ${why}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: resource,
  });
};
