import { stringify } from "yaml";
import type { AnyObject } from "../../sandbox/index.ts";

/** An object as people read it: YAML in the order the server sends, without the book-keeping of field managers. */
export const objectText = (object: AnyObject): string => {
  const { managedFields: _bookkeeping, ...metadata } = object.metadata;
  return stringify({ ...object, metadata }, { lineWidth: 0, aliasDuplicateObjects: false });
};

/** The same without what the server alone decides, for comparisons of what somebody asked for. */
export const askedText = (object: AnyObject): string => {
  const { status: _status, ...asked } = object;
  const { resourceVersion: _version, uid: _uid, creationTimestamp: _created, generation: _generation, ...metadata } = object.metadata;
  return objectText({ ...asked, metadata });
};
