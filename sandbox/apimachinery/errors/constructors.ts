import type { FieldError } from "../validation/field-error.ts";
import { messageOf } from "../validation/field-error.ts";
import { failure, type StatusError } from "./status.ts";

/** What an error is about: a group and the plural resource (`deployments`) or, where upstream says so, the kind. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

const qualified = ({ group, resource }: GroupResource): string => (group === "" ? resource : `${resource}.${group}`);
const detailsOf = ({ group, resource }: GroupResource, name: string) => ({
  ...(name && { name }),
  ...(group && { group }),
  kind: resource,
});

export const notFound = (of: GroupResource, name: string): StatusError =>
  failure(404, "NotFound", `${qualified(of)} "${name}" not found`, detailsOf(of, name));

export const alreadyExists = (of: GroupResource, name: string): StatusError =>
  failure(409, "AlreadyExists", `${qualified(of)} "${name}" already exists`, detailsOf(of, name));

export const conflict = (of: GroupResource, name: string, why: string): StatusError =>
  failure(409, "Conflict", `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${why}`, detailsOf(of, name));

/** The refusal of an update whose resourceVersion is not the stored one's. */
export const staleObject = (of: GroupResource, name: string): StatusError =>
  conflict(of, name, "the object has been modified; please apply your changes to the latest version and try again");

export const forbidden = (of: GroupResource, name: string, why: string): StatusError =>
  failure(
    403,
    "Forbidden",
    name === "" ? `${qualified(of)} is forbidden: ${why}` : `${qualified(of)} "${name}" is forbidden: ${why}`,
    detailsOf(of, name),
  );

export const badRequest = (message: string): StatusError => failure(400, "BadRequest", message);

export const internalError = (message: string): StatusError =>
  failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });

export const timeout = (message: string, retryAfterSeconds?: number): StatusError =>
  failure(504, "Timeout", `Timeout: ${message}`, { ...(retryAfterSeconds && { retryAfterSeconds }) });

export const gone = (message: string): StatusError => failure(410, "Gone", message);

/** The refusal of a list or watch from a revision that has been compacted. */
export const expired = (message: string): StatusError => failure(410, "Expired", message);

/** What validation found: 422 with a cause a field. `kind` is the object's kind, as upstream names it in the message. */
export const invalid = (
  of: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError => {
  const qualifiedKind = of.group === "" ? of.kind : `${of.kind}.${of.group}`;
  const messages = [...new Set(errors.map((error) => `${error.field}: ${messageOf(error)}`))];
  const words = messages.length === 1 ? messages[0]! : `[${messages.join(", ")}]`;
  const causes = errors.map((error) => ({ reason: error.type, message: messageOf(error), field: error.field }));
  return failure(422, "Invalid", `${qualifiedKind} "${name}" is invalid: ${errors.length === 0 ? "<nil>" : words}`, {
    ...(name && { name }),
    ...(of.group && { group: of.group }),
    ...(of.kind && { kind: of.kind }),
    ...(causes.length > 0 && { causes }),
  });
};
