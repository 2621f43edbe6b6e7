import { fromJson } from "../../../apimachinery/cel/index.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { Authorizer } from "../../authorization/authorizer.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import type { ResourceEntry } from "../../registry/entry.ts";
import { admissionRequest, shownObject } from "../matching/admission-request.ts";
import type { Attributes } from "../plugin.ts";
import { authorizerValue, requestResourceValue } from "./authorizer-library.ts";
import { namespaceType, requestType } from "./types.ts";

const dyn = { kind: "dyn" } as const;

const shownNamespace = ({ metadata, ...rest }: AnyObject): Readonly<Record<string, unknown>> => {
  const { uid, ...known } = metadata;
  return { ...rest, metadata: { ...known, UID: uid } };
};

/** The values of what expressions may name, for a request that is seen in the version of an entry. */
export const variablesFor = (
  attributes: Attributes,
  entry: ResourceEntry,
  reader: Reader,
  authorizer: Authorizer | undefined,
): Record<string, unknown> => {
  const { object, oldObject, namespace, user, name, subresource } = attributes;
  const isNamespace = attributes.entry.group === "" && attributes.entry.resource === "namespaces";
  const found = namespace === "" || isNamespace ? undefined : reader.get("", "namespaces", "", namespace);
  const asking = { user, authorizer };
  const { group, version, resource } = attributes.entry;
  return {
    "object": fromJson(shownObject(attributes, object, entry), dyn),
    "oldObject": fromJson(shownObject(attributes, oldObject, entry), dyn),
    "request": fromJson(admissionRequest(attributes, entry), requestType),
    "namespaceObject": found ? fromJson(shownNamespace(found), namespaceType) : null,
    "authorizer": authorizerValue(asking),
    "authorizer.requestResource": requestResourceValue(asking, { group, version, resource, subresource, namespace, name }),
  };
};
