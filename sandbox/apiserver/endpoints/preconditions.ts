import { conflict } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { keyOfRequest, resourceOf } from "../registry/store.ts";
import type { Request } from "./request.ts";

/** What a write may ask of the object it finds: upstream's storage.Preconditions. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** Refuses a write to another object, or another version of it, than was meant; in the store's words, since there upstream looks. */
export const checkStored = (
  request: Request,
  name: string,
  object: AnyObject | undefined,
  { uid = "", resourceVersion = "" }: Preconditions,
): void => {
  const { uid: heldUid = "", resourceVersion: heldVersion = "" } = object?.metadata ?? {};
  if (uid !== "" && uid !== heldUid) throw mismatch(request, name, `UID in precondition: ${uid}, UID in object meta: ${heldUid}`);
  if (resourceVersion !== "" && resourceVersion !== heldVersion)
    throw mismatch(request, name, `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${heldVersion}`);
};

const mismatch = (request: Request, name: string, words: string) =>
  conflict(
    resourceOf(request),
    name,
    `StorageError: invalid object, Code: 4, Key: ${keyOfRequest(request, name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${words}`,
  );
