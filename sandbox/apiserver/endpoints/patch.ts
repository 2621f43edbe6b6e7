import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { viewOf, type Modification, type View } from "./modification.ts";
import type { Request } from "./request.ts";
import { modify } from "./update.ts";

/** PATCH of an object. */
export const patch = (request: Request, name: string): Promise<OperationResult> => modify(request, name, patchModification(request, name, viewOf(request)));

export const patchModification = (_request: Request, _name: string, _view: View): Modification => {
  throw badRequest("no patch type is known");
};
