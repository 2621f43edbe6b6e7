import { parseFieldSelector, type FieldSelector } from "../../apimachinery/fields/selector.ts";
import type { Operation } from "../operation.ts";
import type { Attributes } from "./authorizer.ts";

/** An operation as authorization sees it. Who selects one object by its name asks about that object, as upstream has it. */
export const attributesOf = ({ user, verb, group, version, resource, subresource, namespace, name, options }: Operation): Attributes => {
  const selector = name === undefined ? selectorOf(options?.fieldSelector) : undefined;
  const selected = selector?.exactMatch("metadata.name");
  const about = name ?? selected;
  return {
    user,
    verb,
    group,
    version,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(about !== undefined && { name: about }),
    ...(selector && { fieldRequirements: selector.requirements }),
  };
};

/** A selector that cannot be read selects nothing here; whoever lists by it says so. */
const selectorOf = (text: string | undefined): FieldSelector | undefined => {
  if (text === undefined || text === "") return undefined;
  try {
    return parseFieldSelector(text);
  } catch {
    return undefined;
  }
};
