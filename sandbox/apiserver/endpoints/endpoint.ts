import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { bindPod } from "./binding.ts";
import { create } from "./create.ts";
import { deleteCollection } from "./delete-collection.ts";
import { deleteOne } from "./delete.ts";
import { evictPod } from "./eviction.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { patch } from "./patch.ts";
import { put } from "./put.ts";
import type { Request } from "./request.ts";
import { getScale, modifyScale } from "./scale.ts";
import { createToken } from "./token.ts";
import { watch } from "./watch.ts";

/** The endpoint that a request is for. */
export const endpoint = (request: Request): Promise<OperationResult> => {
  const { entry, operation, subresource } = request;
  if (subresource !== "") return subresourceEndpoint(request);
  const { verb, name = "" } = operation;
  if (!entry.verbs.has(verb)) throw methodNotAllowed();
  switch (verb) {
    case "get":
      return get(request, name);
    case "list":
      return list(request);
    case "watch":
      return watch(request, operation.name);
    case "create":
      return create(request);
    case "update":
      return put(request, name);
    case "patch":
      return patch(request, name);
    case "delete":
      return deleteOne(request, name);
    case "deletecollection":
      return deleteCollection(request);
  }
};

const subresourceEndpoint = (request: Request): Promise<OperationResult> => {
  const { entry, operation, subresource } = request;
  const { verb, name = "" } = operation;
  const known = entry.subresources.get(subresource);
  if (!known) throw noSuchResource();
  if (!known.verbs.includes(verb)) throw methodNotAllowed();
  if (verb === "create") return createOn(request, name);
  if (subresource === "scale") return verb === "get" ? getScale(request, name) : modifyScale(request, name);
  if (verb === "get") return get(request, name);
  if (verb === "update") return put(request, name);
  if (verb === "patch") return patch(request, name);
  throw methodNotAllowed();
};

/** POST to a subresource: an action on the object. */
const createOn = (request: Request, name: string): Promise<OperationResult> => {
  switch (request.subresource) {
    case "binding":
      return bindPod(request, name);
    case "eviction":
      return evictPod(request, name);
    case "token":
      return createToken(request, name);
    default:
      throw badRequest(`${request.subresource} is an upgrade, not an operation on objects`);
  }
};

export const methodNotAllowed = (): StatusError =>
  failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
export const noSuchResource = (): StatusError => failure(404, "NotFound", "the server could not find the requested resource", {});
