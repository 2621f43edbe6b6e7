import type { Binding, Pod } from "../../api/types.ts";
import { badRequest, conflict } from "../../apimachinery/errors/constructors.ts";
import { failure } from "../../apimachinery/errors/status.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { messageOf, notSupported, required, type FieldError } from "../../apimachinery/validation/field-error.ts";
import { toTime } from "../../base/clock/clock.ts";
import { change, readOrRefuse } from "../registry/store.ts";
import { actionOf, done } from "./action.ts";
import { checkStored } from "./preconditions.ts";
import type { Request } from "./request.ts";
import { withCondition } from "./pod-condition.ts";

/** POST to pods/binding: the scheduler puts a pod on a node. */
export const bindPod = (request: Request, name: string): Promise<OperationResult> => {
  const binding = actionOf(request) as unknown as Binding;
  if (binding.metadata.name !== name) throw badRequest("name in URL does not match name in Binding object");
  return bind(request, binding);
};

/** POST to the bindings collection, the same by its older name. */
export const bindByCollection = (request: Request, binding: Binding): Promise<OperationResult> => bind(request, binding);

const bind = async (request: Request, binding: Binding): Promise<OperationResult> => {
  const { name = "", uid, resourceVersion, annotations } = binding.metadata;
  refuseInvalid(binding);
  const { admission } = request.machinery;
  const attributes = request.attributes("CREATE", name, binding as unknown as Draft<AnyObject>, undefined);
  await admission.admit(attributes);
  await admission.validate(attributes);
  // Labels of a binding reach the pod since 1.35, when admission began to put the node's place there.
  const labels = request.context.enabled("PodTopologyLabelsAdmission") ? attributes.object?.metadata.labels : undefined;
  const found = await readOrRefuse(request, name);
  await change(request, name, found, ({ object }) => {
    checkStored(request, name, object, { uid, resourceVersion });
    const pod = object as unknown as Pod;
    refuseUnbindable(pod);
    const metadata = {
      ...pod.metadata,
      ...(annotations && { annotations: { ...pod.metadata.annotations, ...annotations } }),
      ...(labels && { labels: { ...pod.metadata.labels, ...labels } }),
    };
    const status = withCondition(pod.status, { type: "PodScheduled", status: "True" }, toTime(request.context.now));
    const bound = { ...pod, metadata, spec: { ...pod.spec, nodeName: binding.target.name }, status };
    return { kind: "store", object: bound as unknown as Draft<AnyObject> };
  });
  return done;
};

/** ValidatePodBinding, which upstream reports without making a Status of it. */
const refuseInvalid = ({ target }: Binding): void => {
  const errors: FieldError[] = [];
  const kind = target?.kind ?? "";
  if (kind !== "" && kind !== "Node") errors.push(notSupported("target.kind", kind, ["Node", "<empty>"]));
  if ((target?.name ?? "") === "") errors.push(required("target.name"));
  if (errors.length === 0) return;
  const words = errors.map((error) => `${error.field}: ${messageOf(error)}`);
  throw failure(500, "", words.length === 1 ? words[0]! : `[${words.join(", ")}]`);
};

const refuseUnbindable = ({ metadata, spec }: Pod): void => {
  const { name = "" } = metadata;
  const refuse = (why: string): never => {
    throw conflict({ group: "", resource: "pods/binding" }, name, why);
  };
  if (metadata.deletionTimestamp !== undefined) refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if ((spec?.nodeName ?? "") !== "") refuse(`pod ${name} is already assigned to node ${JSON.stringify(spec?.nodeName)}`);
  if ((spec?.schedulingGates ?? []).length > 0) refuse(`pod ${name} has non-empty .spec.schedulingGates`);
};
