import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { hasReason, StatusError } from "../../apimachinery/errors/status.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { deleteRevision, warnOfOrphans } from "./delete.ts";
import { validateDeleteOptions } from "./delete-options.ts";
import { find, listOf, type Found } from "./list.ts";
import type { Request } from "./request.ts";
import { selectionOf } from "./selection.ts";

/** DELETE of a collection: answers what was there. */
export const deleteCollection = async (request: Request): Promise<OperationResult> => {
  const options = request.operation.options ?? {};
  const selection = selectionOf(request);
  validateDeleteOptions(options);
  warnOfOrphans(request);
  const found = await understood(find(request, selection));
  for (const item of found.items) {
    try {
      await deleteRevision(request, item, options);
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  }
  return listOf(request, found);
};

/** A malformed version in the options is the client's fault here, and said so. */
const understood = async (finding: Promise<Found>): Promise<Found> => {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof StatusError && error.message.startsWith("resourceVersion: Invalid value"))
      throw badRequest(`invalid resource version: ${error.message}`);
    throw error;
  }
};
