import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import type { IssueToken } from "../perform.ts";
import { create } from "./create.ts";
import { deleteCollection } from "./delete-collection.ts";
import { deleteOne } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { patch } from "./patch.ts";
import type { Request } from "./request.ts";
import { update } from "./update.ts";
import { watch } from "./watch.ts";

/** The endpoint that a request is for. */
export const endpoint = (request: Request, _issueToken: IssueToken | undefined): Promise<OperationResult> => {
  const { entry, operation, subresource } = request;
  const { verb, name = "" } = operation;
  if (subresource === "" && !entry.verbs.has(verb)) throw methodNotAllowed();
  switch (verb) {
    case "get":
      return get(request, name);
    case "list":
      return list(request);
    case "watch":
      return watch(request, operation.name);
    case "create":
      if (entry.namespaced && request.namespace === "") throw badRequest("an empty namespace may not be set during creation");
      return create(request);
    case "update":
      return update(request, name);
    case "patch":
      return patch(request, name);
    case "delete":
      return deleteOne(request, name);
    case "deletecollection":
      return deleteCollection(request);
  }
};

export const methodNotAllowed = (): StatusError => failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
