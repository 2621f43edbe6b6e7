import type { Binding } from "../../api/types.ts";
import { failure, StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Operation, OperationResult } from "../../apimachinery/operation/operation.ts";
import { Serialized } from "../cache/revision.ts";
import { bindByCollection } from "./binding.ts";
import { methodNotAllowed } from "./endpoint.ts";
import { Request, type Machinery } from "./request.ts";

/** Kinds that the API has and nobody stores: bindings are done, component statuses are made up. */
export const isComputed = (group: string, resource: string): boolean =>
  group === "" && (resource === "bindings" || resource === "componentstatuses");

export const computed = (machinery: Machinery, operation: Operation): Promise<OperationResult> =>
  operation.resource === "bindings" ? createBinding(machinery, operation) : Promise.resolve(componentStatuses(operation));

/** POST to the bindings collection: pods/binding by its older name. */
const createBinding = (machinery: Machinery, operation: Operation): Promise<OperationResult> => {
  if (operation.verb !== "create" || !operation.object) throw methodNotAllowed();
  const pods = machinery.registry.find("", "v1", "pods")!;
  const binding = operation.object as unknown as Binding;
  const request = new Request(machinery, { ...operation, resource: "pods", subresource: "binding" }, pods);
  return bindByCollection(request, binding);
};

const components = ["scheduler", "controller-manager", "etcd-0"];

/** Deprecated since 1.19: whoever asks hears that all is well, as a server that answers can tell. */
const componentStatuses = ({ verb, name, warnings = [] }: Operation): OperationResult => {
  const said = [...warnings, "v1 ComponentStatus is deprecated in v1.19+"];
  if (verb === "get") {
    if (!components.includes(name ?? "")) throw new StatusError(failure(500, "", `Component not found: ${name ?? ""}`).status, said);
    return { kind: "object", code: 200, stored: new Serialized(statusOf(name!), "ComponentStatus"), warnings: said };
  }
  if (verb !== "list") throw methodNotAllowed();
  const list = { kind: "ComponentStatusList", apiVersion: "v1", metadata: {} };
  return { kind: "list", list, items: components.map((each) => new Serialized(statusOf(each), "ComponentStatus")), warnings: said };
};

const statusOf = (name: string): AnyObject => ({
  kind: "ComponentStatus",
  apiVersion: "v1",
  metadata: { name, creationTimestamp: null },
  conditions: [{ type: "Healthy", status: "True", message: "ok" }],
});
