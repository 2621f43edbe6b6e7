import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import type { Request } from "./request.ts";

/** PATCH of an object. */
export const patch = (_request: Request, _name: string): Promise<OperationResult> => Promise.reject(badRequest("no patch type is known"));
