import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import { scaleOf } from "../../endpoints/scale.ts";
import { served, type ResourceEntry } from "../../registry/entry.ts";
import type { Attributes } from "../plugin.ts";

const kindOfSubresource = (object: AnyObject | undefined, entry: ResourceEntry, subresource: string) => {
  if (subresource === "scale") return { group: "autoscaling", version: "v1", kind: "Scale" };
  const { apiVersion = "", kind = "" } = object ?? {};
  if (subresource === "" || subresource === "status" || apiVersion === "" || kind === "")
    return { group: entry.group, version: entry.version, kind: entry.kind };
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1), kind };
};

const isWhole = ({ subresource }: Attributes, object: AnyObject, entry: ResourceEntry): boolean =>
  subresource === "" || object.kind === entry.kind;

/** An object of the request, as an entry's version has it. */
export const shownObject = (attributes: Attributes, object: AnyObject | undefined, entry: ResourceEntry): AnyObject | null => {
  if (!object) return null;
  if (!isWhole(attributes, object, entry)) return object;
  const shown = served(entry, object);
  return attributes.subresource === "scale" ? scaleOf({ entry }, shown) : shown;
};

const optionsOf = ({ operation, options, dryRun }: Attributes): Readonly<Record<string, unknown>> | null => {
  const kinds = { CREATE: "CreateOptions", UPDATE: "UpdateOptions", DELETE: "DeleteOptions", CONNECT: undefined };
  const kind = kinds[operation];
  if (!kind) return null;
  const { fieldManager, fieldValidation, gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions } = options;
  const own =
    operation === "DELETE" ? { gracePeriodSeconds, preconditions, orphanDependents, propagationPolicy } : { fieldManager, fieldValidation };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined && value !== ""));
  return { kind, apiVersion: "meta.k8s.io/v1", ...given, ...(dryRun && { dryRun: ["All"] }) };
};

/** admission.k8s.io AdmissionRequest, but for its uid and objects: what webhooks are sent and expressions call `request`. */
export const admissionRequest = (attributes: Attributes, entry: ResourceEntry): Readonly<Record<string, unknown>> => {
  const { entry: asked, subresource, object, oldObject, name, namespace, operation, user, dryRun } = attributes;
  const one = object ?? oldObject;
  const sub = subresource === "" ? {} : { subResource: subresource };
  const requestSub = subresource === "" ? {} : { requestSubResource: subresource };
  return {
    kind: kindOfSubresource(one, entry, subresource),
    resource: { group: entry.group, version: entry.version, resource: entry.resource },
    ...sub,
    requestKind: kindOfSubresource(one, asked, subresource),
    requestResource: { group: asked.group, version: asked.version, resource: asked.resource },
    ...requestSub,
    ...(name !== "" && { name }),
    ...(namespace !== "" && { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid && { uid: user.uid }),
      ...(user.groups.length > 0 && { groups: user.groups }),
      ...(user.extra && Object.keys(user.extra).length > 0 && { extra: user.extra }),
    },
    dryRun,
    options: optionsOf(attributes),
  };
};
