import { badRequest, invalid } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { invalidValue } from "../../apimachinery/validation/field-error.ts";
import { apiVersionOfEntry } from "../registry/entry.ts";
import { normalForm } from "../registry/normal-form.ts";
import type { View } from "./modification.ts";
import type { Request } from "./request.ts";

/** The object that was sent, as a draft of its own. Throws BadRequest where it is none, or of another kind than the endpoint takes. */
export const bodyOf = (request: Request, view: View): Draft<AnyObject> => {
  const { object } = request.operation;
  if (!object) throw badRequest("an object is required");
  const apiVersion = apiVersionOfEntry(view);
  const { kind = "", apiVersion: sent = "" } = object;
  if (request.entry.custom && view === request.entry) checkCustom(request, object, apiVersion);
  if (sent !== "" && sent !== apiVersion && kind === view.kind)
    throw badRequest(`the API version in the data (${sent}) does not match the expected API version (${apiVersion})`);
  if (kind !== "" && kind !== view.kind) throw wrongKind(view, sent === "" ? view.version : sent.slice(sent.indexOf("/") + 1), kind);
  const isCustom = view === request.entry && request.entry.custom !== undefined;
  const { object: draft, error } = normalForm(view.schema, object, isCustom);
  if (error !== undefined)
    throw badRequest(`${view.kind} in version ${JSON.stringify(view.version)} cannot be handled as a ${view.kind}: ${error}`);
  draft.apiVersion = apiVersion;
  draft.kind = view.kind;
  draft.metadata ??= {};
  return draft;
};

/** Custom objects must say what they are. */
const checkCustom = ({ entry }: Request, { apiVersion = "", kind = "", metadata }: AnyObject, expected: string): void => {
  if (apiVersion !== expected)
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  if (kind !== entry.kind)
    throw invalid({ group: entry.group, kind }, (metadata as AnyObject["metadata"] | undefined)?.name ?? "", [
      invalidValue("kind", kind, `must be ${entry.kind}`),
    ]);
};

const wrongKind = (view: View, version: string, kind: string) => {
  const group = view.group === "" ? "core" : view.group.split(".")[0]!;
  return badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${view.kind}: converting (${version}.${kind}) to (${group}.${view.kind}): unknown conversion`,
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
