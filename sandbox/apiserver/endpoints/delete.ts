import { forbidden, notFound } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft, ObjectMeta } from "../../apimachinery/meta/types.ts";
import type { OperationOptions, OperationResult } from "../../apimachinery/operation/operation.ts";
import { fromTime, toTime } from "../../base/clock/clock.ts";
import type { Revision } from "../cache/revision.ts";
import { change, readOrRefuse, remove, resourceOf } from "../registry/store.ts";
import { checkPreconditions, garbageFinalizers, validateDeleteOptions } from "./delete-options.ts";
import { deleteDefinition } from "./delete-definition.ts";
import { deleteNamespace } from "./delete-namespace.ts";
import type { Request } from "./request.ts";

/** What became of an object that was deleted. */
export interface Deleted {
  /** The object as it is now, or as it last was. */
  readonly object: Revision;
  /** False while finalizers or a grace period hold it. */
  readonly immediately: boolean;
}

/** DELETE of one object. Answers the object while something holds it, or where its kind says so; a Status otherwise. */
export const deleteOne = async (request: Request, name: string): Promise<OperationResult> => {
  const options = request.operation.options ?? {};
  validateDeleteOptions(options);
  warnOfOrphans(request);
  const found = await readOrRefuse(request, name);
  const kept = request.stored.strategy.whyKept?.(found.object);
  if (kept !== undefined) throw forbidden(resourceOf(request), name, kept);
  const { object, immediately } = await deleteRevision(request, found, options);
  if (!immediately || returnsDeleted(request)) return { kind: "object", code: 200, stored: object.as(request.entry) };
  const { group, resource } = resourceOf(request);
  const details = { name, ...(group && { group }), kind: resource, uid: object.object.metadata.uid };
  return { kind: "value", code: 200, value: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
};

/** Admits the deletion of what was found, and deletes it. */
export const deleteRevision = async (request: Request, found: Revision, options: OperationOptions): Promise<Deleted> => {
  const { admission } = request.machinery;
  const attributes = request.attributes("DELETE", found.name, undefined, found.object);
  await admission.admit(attributes);
  const { stored } = request;
  if (stored.group === "" && stored.resource === "namespaces") return deleteNamespace(request, found, options);
  if (stored.group === "apiextensions.k8s.io" && stored.resource === "customresourcedefinitions")
    return deleteDefinition(request, found, options);
  return deleteStored(request, found, options);
};

/** Upstream's Store.Delete. */
export const deleteStored = async (request: Request, found: Revision, options: OperationOptions): Promise<Deleted> => {
  for (let current = found; ;) {
    const { strategy } = request.stored;
    const plan = planFor(request, current.object, options);
    const finalizers = garbageFinalizers(current.object.metadata.finalizers ?? [], options, strategy.defaultPropagation);
    const unchanged = finalizers === (current.object.metadata.finalizers ?? finalizers);
    if (plan.kind === "pending") return { object: current, immediately: false };
    if (plan.kind === "graceful" || finalizers.length > 0 || !unchanged) {
      const marked = await mark(request, current, options);
      if (marked.kind === "held") return { object: marked.revision, immediately: false };
      if (marked.kind === "marked" && request.dryRun) return { object: marked.revision, immediately: true };
      current = marked.revision;
    }
    await request.machinery.admission.validate(request.attributes("DELETE", current.name, undefined, current.object));
    if (request.dryRun) return { object: current, immediately: true };
    const removal = await remove(request, current);
    if (removal.removed) return { object: current.at(removal.at), immediately: true };
    if (!removal.current) throw notFound(resourceOf(request), current.name);
    current = removal.current;
  }
};

type Marked = { readonly kind: "held" | "marked" | "unmarked"; readonly revision: Revision };

/** Writes into the object that it is to go (updateForGracefulDeletionAndFinalizers). */
const mark = async (request: Request, found: Revision, options: OperationOptions): Promise<Marked> => {
  let kind: Marked["kind"] = "held";
  const { admission } = request.machinery;
  const { revision } = await change(request, found.name, found, async (previous) => {
    await admission.validate(request.attributes("DELETE", previous.name, undefined, previous.object));
    const plan = planFor(request, previous.object, options);
    const metadata = { ...previous.object.metadata } as Draft<ObjectMeta>;
    const draft = { ...previous.object, metadata } as Draft<AnyObject>;
    if (plan.kind === "pending") {
      kind = "held";
      return { kind: "store", object: draft };
    }
    const finalizers = garbageFinalizers(metadata.finalizers ?? [], options, request.stored.strategy.defaultPropagation);
    if (finalizers.length > 0) metadata.finalizers = [...finalizers];
    else delete metadata.finalizers;
    if (plan.kind === "graceful") {
      Object.assign(metadata, plan.marks);
      kind = finalizers.length === 0 && plan.seconds === 0 ? "marked" : "held";
    } else if (finalizers.length > 0) {
      markAsDeleting(metadata, request.context.now);
      kind = "held";
    } else kind = "unmarked";
    return { kind: "store", object: kind === "unmarked" ? ({ ...previous.object } as Draft<AnyObject>) : draft };
  });
  return { kind, revision };
};

/** For kinds that know no grace period, while finalizers hold them. */
const markAsDeleting = (metadata: Draft<ObjectMeta>, now: number): void => {
  if (metadata.deletionTimestamp === undefined) bumpGeneration(metadata);
  const marked = fromTime(metadata.deletionTimestamp);
  if (marked === undefined || marked > now) metadata.deletionTimestamp = toTime(now);
  metadata.deletionGracePeriodSeconds = 0;
};

const bumpGeneration = (metadata: Draft<ObjectMeta>): void => {
  if (metadata.generation !== undefined && metadata.generation > 0) metadata.generation++;
};

type Plan =
  | { readonly kind: "at-once" }
  /** It terminates already, and this request changes nothing. */
  | { readonly kind: "pending" }
  | { readonly kind: "graceful"; readonly seconds: number; readonly marks: Partial<ObjectMeta> };

/** Upstream's BeforeDelete: whether the object goes at once, or is given time. */
const planFor = (request: Request, object: AnyObject, options: OperationOptions): Plan => {
  checkPreconditions(request.stored, object, options);
  const { gracePeriod } = request.stored.strategy;
  const asked = options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0 ? 1 : options.gracePeriodSeconds;
  if (!gracePeriod) return { kind: "at-once" };
  const { deletionTimestamp, deletionGracePeriodSeconds: held, generation } = object.metadata;
  if (deletionTimestamp !== undefined) {
    if (held === undefined) return { kind: "at-once" };
    if (asked === undefined || asked >= held) return { kind: "pending" };
    const start = (fromTime(deletionTimestamp) ?? 0) - held * 1000;
    return {
      kind: "graceful",
      seconds: asked,
      marks: { deletionTimestamp: toTime(start + asked * 1000), deletionGracePeriodSeconds: asked },
    };
  }
  const seconds = gracePeriod(object, asked);
  const marks = {
    deletionTimestamp: toTime(request.context.now + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
    ...(generation !== undefined && generation > 0 && { generation: generation + 1 }),
  };
  return { kind: "graceful", seconds, marks };
};

/** Kinds whose deletion answers the object as it last was (ReturnDeletedObject). */
const returning: ReadonlySet<string> = new Set([
  "/persistentvolumeclaims",
  "/persistentvolumes",
  "/pods",
  "/podtemplates",
  "/resourcequotas",
  "/serviceaccounts",
  "/services",
  "storage.k8s.io/csidrivers",
  "storage.k8s.io/csinodes",
  "storage.k8s.io/storageclasses",
  "storage.k8s.io/volumeattachments",
  "storage.k8s.io/volumeattributesclasses",
  "resource.k8s.io/deviceclasses",
  "resource.k8s.io/resourceclaims",
  "resource.k8s.io/resourceclaimtemplates",
  "resource.k8s.io/resourceslices",
]);

const returnsDeleted = ({ stored }: Request): boolean => returning.has(`${stored.group}/${stored.resource}`);

/** Jobs leave their pods behind unless told otherwise, which surprises people. */
export const warnOfOrphans = (request: Request): void => {
  const { stored, operation } = request;
  if (stored.group !== "batch" || stored.resource !== "jobs") return;
  const { propagationPolicy, orphanDependents } = operation.options ?? {};
  if (propagationPolicy === undefined && orphanDependents === undefined)
    request.warn(
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
    );
};
