import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { ObjectSchema } from "../../apimachinery/schema/schema.ts";
import type { Request } from "./request.ts";

/** What an endpoint shows and takes: an object of the resource's own kind, or the Scale it lends to others. */
export interface View {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: ObjectSchema;
}

/**
 * What a PUT or PATCH makes of the object as it is. Objects are in the version and kind of the endpoint; the result is a draft with its defaults
 * and its managedFields. Called again with a newer object when somebody else was faster.
 */
export interface Modification {
  /** The uid the client means; the write is refused where the object has another. */
  readonly uid?: string;
  readonly make: (live: AnyObject) => Draft<AnyObject>;
  /** What is created where nothing is; absent where that is refused. */
  readonly create?: () => Draft<AnyObject>;
}

/** The view of requests for the resource itself. */
export const viewOf = ({ entry }: Request): View => entry;
