import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { apiVersionOfEntry } from "../registry/entry.ts";
import { copyOf } from "../registry/json.ts";
import type { Request } from "./request.ts";

/** The object of a create or update, as a draft of its own in the version of the request. Throws BadRequest where it is none, or of another kind. */
export const bodyOf = (request: Request): Draft<AnyObject> => {
  const { object } = request.operation;
  if (!object) throw badRequest("an object is required");
  const { entry } = request;
  const apiVersion = apiVersionOfEntry(entry);
  if (object.kind !== undefined && object.kind !== "" && (object.kind !== entry.kind || (object.apiVersion ?? apiVersion) !== apiVersion))
    throw wrongKind(request, object.apiVersion ?? "", object.kind);
  const draft = copyOf(object) as Draft<AnyObject>;
  draft.apiVersion = apiVersion;
  draft.kind = entry.kind;
  draft.metadata ??= {};
  return draft;
};

const wrongKind = ({ entry }: Request, apiVersion: string, kind: string) => {
  const expected = apiVersionOfEntry(entry);
  if (apiVersion !== expected)
    return badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  const group = entry.group === "" ? "core" : entry.group.split(".")[0]!;
  return badRequest(
    `${kind} in version ${JSON.stringify(entry.version)} cannot be handled as a ${entry.kind}: converting (${entry.version}.${kind}) to (${group}.${entry.kind}): unknown conversion`,
  );
};

/** The object lives in the namespace it was sent to (EnsureObjectNamespaceMatchesRequestNamespace). */
export const placeInNamespace = (request: Request, draft: Draft<AnyObject>): void => {
  const { metadata } = draft;
  const given = metadata.namespace ?? "";
  if (!request.entry.namespaced) {
    delete metadata.namespace;
    return;
  }
  if (given !== "" && given !== request.namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  metadata.namespace = request.namespace;
};

/** The object bears the name on the URL (checkName). */
export const checkName = (request: Request, draft: Draft<AnyObject>, name: string): void => {
  const given = draft.metadata.name ?? "";
  if (given === "") throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  const namespace = draft.metadata.namespace ?? "";
  if (request.namespace !== "" && namespace !== "" && namespace !== request.namespace)
    throw badRequest(`the namespace of the object (${namespace}) does not match the namespace on the request (${request.namespace})`);
};
