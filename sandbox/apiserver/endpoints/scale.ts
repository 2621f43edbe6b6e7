import { internalError, invalid } from "../../apimachinery/errors/constructors.ts";
import { formatLabelSelector, type LabelSelector } from "../../apimachinery/labels/label-selector.ts";
import { selectorFromSet } from "../../apimachinery/labels/selector.ts";
import { fromScale, replicasPath, toScale, type ReplicasPaths } from "../../apimachinery/managedfields/index.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { invalidValue } from "../../apimachinery/validation/field-error.ts";
import { apiVersionOfEntry, asStored, served } from "../registry/entry.ts";
import { copyOf } from "../registry/json.ts";
import { readOrRefuse } from "../registry/store.ts";
import { viewOfSubresource } from "./action.ts";
import type { Modification } from "./modification.ts";
import { patchModification } from "./patch.ts";
import { replacement } from "./put.ts";
import type { Request } from "./request.ts";
import { modifyStored } from "./update.ts";

/** GET of the scale subresource: a number of replicas, whatever the kind calls it. */
export const getScale = async (request: Request, name: string): Promise<OperationResult> => {
  const { object } = await readOrRefuse(request, name);
  return { kind: "value", code: 200, value: scaleOf(request, served(request.entry, object)) };
};

/** PUT and PATCH of the scale subresource: the Scale is changed as its client sees it, then carried over into the object. */
export const modifyScale = async (request: Request, name: string): Promise<OperationResult> => {
  const view = viewOfSubresource(request);
  const isPatch = request.operation.verb === "patch";
  const modification: Modification = isPatch ? patchModification(request, name, view) : replacement(request, name, view);
  const paths = replicasPathsOf(request);
  const { entry } = request;
  const { uid } = modification;
  const { revision } = await modifyStored(request, name, {
    ...(uid !== undefined && { uid }),
    make: (stored) => {
      const object = served(entry, stored);
      const entries = toScale(object.metadata.managedFields, paths);
      const live = scaleOf(request, object);
      const scale = modification.make(entries ? { ...live, metadata: { ...live.metadata, managedFields: entries } } : live);
      const replicas = (scale.spec as { readonly replicas?: number } | undefined)?.replicas ?? 0;
      refuseNegative(request, name, replicas);
      const next = copyOf(object) as Draft<AnyObject>;
      setAt(next, specPathOf(request), replicas);
      const { resourceVersion, managedFields } = scale.metadata;
      if (resourceVersion) next.metadata.resourceVersion = resourceVersion;
      const owners = fromScale(object.metadata.managedFields, managedFields, paths, apiVersionOfEntry(entry));
      if (owners) next.metadata.managedFields = owners;
      else delete next.metadata.managedFields;
      return asStored(entry, next) as Draft<AnyObject>;
    },
  });
  return { kind: "value", code: 200, value: scaleOf(request, served(entry, revision.object)) };
};

const specPathOf = ({ entry }: Request): string => entry.custom?.scale?.specReplicasPath ?? ".spec.replicas";

const replicasPathsOf = (request: Request): ReplicasPaths => {
  const { stored, machinery } = request;
  const versions = machinery.registry.versionsOf(stored.group, stored.resource);
  return new Map(
    versions.map((version) => [
      apiVersionOfEntry(version),
      version.subresources.has("scale") ? replicasPath(version.custom?.scale?.specReplicasPath ?? ".spec.replicas") : undefined,
    ]),
  );
};

/** The Scale of an object in the version of an entry. */
export const scaleOf = ({ entry }: Pick<Request, "entry">, object: AnyObject): AnyObject => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const metadata = { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp };
  const custom = entry.custom?.scale;
  const specPath = custom?.specReplicasPath ?? ".spec.replicas";
  const replicas = valueAt(object, specPath);
  if (replicas === undefined && custom) throw internalError(`the spec replicas field ${JSON.stringify(specPath)} does not exist`);
  const current = valueAt(object, custom?.statusReplicasPath ?? ".status.replicas");
  const selector = custom
    ? custom.labelSelectorPath === undefined
      ? undefined
      : valueAt(object, custom.labelSelectorPath)
    : selectorOfKind(object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata,
    spec: { ...(typeof replicas === "number" && replicas !== 0 && { replicas }) },
    status: { replicas: typeof current === "number" ? current : 0, ...(typeof selector === "string" && selector !== "" && { selector }) },
  };
};

/** A ReplicationController selects by plain labels, everybody else by a LabelSelector. */
const selectorOfKind = ({ kind, spec }: AnyObject): string => {
  const { selector } = spec as { readonly selector?: unknown };
  return kind === "ReplicationController"
    ? selectorFromSet(selector as Readonly<Record<string, string>> | undefined).toString()
    : formatLabelSelector(selector as LabelSelector | undefined);
};

const refuseNegative = ({ entry }: Request, name: string, replicas: number): void => {
  if (replicas >= 0) return;
  if (entry.custom) {
    const path = entry.custom.scale?.specReplicasPath ?? ".spec.replicas";
    throw invalid({ group: entry.group, kind: entry.kind }, name, [invalidValue(path, replicas, "should be a non-negative integer")]);
  }
  throw invalid({ group: "autoscaling", kind: "Scale" }, name, [
    invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"),
  ]);
};

const stepsOf = (path: string): readonly string[] => path.split(".").filter((step) => step !== "");

const valueAt = (object: unknown, path: string): unknown => {
  let value = object;
  for (const step of stepsOf(path)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
};

const setAt = (object: Draft<AnyObject>, path: string, value: unknown): void => {
  const steps = stepsOf(path);
  let at = object as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) {
    const below = Object.hasOwn(at, step) ? at[step] : undefined;
    at = typeof below === "object" && below !== null ? (below as Record<string, unknown>) : (at[step] = {});
  }
  at[steps.at(-1)!] = value;
};
