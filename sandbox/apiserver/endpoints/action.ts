import { failure } from "../../apimachinery/errors/status.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { bodyOf } from "./body.ts";
import type { View } from "./modification.ts";
import type { Request } from "./request.ts";

/** The kind that a subresource speaks, where it is not its resource's own. */
export const viewOfSubresource = ({ entry, machinery, subresource }: Request): View => {
  const { group = entry.group, version = entry.version, kind } = entry.subresources.get(subresource)!;
  const schema = machinery.schemas.schemaOf(group === "" ? version : `${group}/${version}`, kind);
  if (!schema) throw failure(500, "InternalError", `no schema of ${kind} is known`);
  return { group, version, kind, schema };
};

/** What was posted to a subresource. */
export const actionOf = (request: Request): Draft<AnyObject> => bodyOf(request, viewOfSubresource(request));

/** The answer to an action that was done. */
export const done: OperationResult = {
  kind: "value",
  code: 201,
  value: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
};
