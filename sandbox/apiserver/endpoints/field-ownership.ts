import { trackUpdate, type VersionedSchemas } from "../../apimachinery/managedfields/index.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import { apiVersionOfEntry, asStored, served, type ResourceEntry } from "../registry/entry.ts";
import type { View } from "./modification.ts";
import type { Request } from "./request.ts";

/** What every way of writing tells the owner of fields. */
export const writeOf = (request: Request, view: View) => {
  const { subresource, context, manager } = request;
  const versions = versionsOf(request);
  const resetFields = view === request.entry ? resetFieldsOf(request) : undefined;
  return {
    manager,
    time: toTime(context.now),
    version: apiVersionOfEntry(view),
    schema: view.schema,
    ...(subresource !== "" && { subresource }),
    ...(resetFields && { resetFields }),
    ...(versions && { versions }),
  };
};

/** The draft with managedFields that say who set what in this write: an Update entry of the request's manager. */
export const tracked = (request: Request, view: View, live: AnyObject | undefined, draft: Draft<AnyObject>): Draft<AnyObject> =>
  trackUpdate({ ...writeOf(request, view), next: draft, previous: live }) as Draft<AnyObject>;

/** Fields that this endpoint does not let its clients set: they are nobody's. */
const resetFieldsOf = ({ stored: { strategy }, subresource }: Request): readonly string[] | undefined => {
  if (subresource === "") return strategy.resetFields;
  return strategy.subresources?.[subresource]?.resetFields ?? (subresource === "status" ? ["spec", "metadata.labels"] : undefined);
};

/** How entries written in other versions are compared; undefined for kinds with one version. */
const versionsOf = ({ entry, machinery, stored }: Request): VersionedSchemas | undefined => {
  const entries = machinery.registry.versionsOf(stored.group, stored.resource);
  if (entries.length < 2) return undefined;
  return {
    convert: (object, apiVersion) => {
      const target = entries.find((each) => apiVersionOfEntry(each) === apiVersion);
      return target && { object: between(entry, target, object), schema: target.schema };
    },
  };
};

const between = (from: ResourceEntry, to: ResourceEntry, object: AnyObject): AnyObject =>
  from === to ? object : served(to, asStored(from, object));
