import type { FieldSelector } from "../../apimachinery/fields/selector.ts";
import { parseFieldSelector } from "../../apimachinery/fields/selector.ts";

/** What a request is about, by its method, path and query alone: upstream's RequestInfo. Authorization asks no more. */
export interface RequestInfo {
  readonly isResource: boolean;
  readonly path: string;
  /** `list`, `deletecollection`…, or the lower-case method of a request that is not about a resource. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** The path from the resource on: `["pods", "web-1", "proxy", "a", "b"]`. */
  readonly parts: readonly string[];
  /** `/api/v1/watch/…`, the old way to ask for a watch. */
  readonly watchPath: boolean;
  readonly fieldSelector?: FieldSelector;
}

const verbs: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
const namespaceSubresources = new Set(["status", "finalize"]);

/** Upstream's NewRequestInfo. */
export const requestInfoOf = (method: string, path: string, query: URLSearchParams): RequestInfo => {
  const all = segmentsOf(path);
  const other = {
    isResource: false,
    path,
    verb: method.toLowerCase(),
    group: "",
    version: "",
    namespace: "",
    resource: "",
    subresource: "",
    name: "",
    parts: all,
    watchPath: false,
  };
  if (all.length < 3 || (all[0] !== "api" && all[0] !== "apis")) return other;
  const grouped = all[0] === "apis";
  if (grouped && all.length < 4) return other;
  const group = grouped ? (all[1] ?? "") : "";
  const version = all[grouped ? 2 : 1] ?? "";
  let parts = all.slice(grouped ? 3 : 2);

  let verb = verbs[method] ?? "";
  const watchPath = parts[0] === "watch" && parts.length > 1;
  const proxyPath = parts[0] === "proxy" && parts.length > 1;
  if (watchPath || proxyPath) {
    verb = parts[0] ?? "";
    parts = parts.slice(1);
  }
  let namespace = "";
  if (parts[0] === "namespaces" && parts.length > 1) {
    namespace = parts[1] ?? "";
    if (parts.length > 2 && !namespaceSubresources.has(parts[2] ?? "")) parts = parts.slice(2);
  }
  const [resource = "", named = "", subresource = ""] = parts;
  let name = named;
  let fieldSelector: FieldSelector | undefined;
  if (name === "" && (verb === "get" || verb === "delete" || verb === "watch")) {
    fieldSelector = selectorOf(query.get("fieldSelector"));
    if (verb === "get") verb = isTrue(query.get("watch")) ? "watch" : "list";
    if (verb === "delete") verb = "deletecollection";
    const exact = fieldSelector?.exactMatch("metadata.name") ?? "";
    if (isPathSegment(exact)) name = exact;
  }
  return {
    isResource: true,
    path,
    verb,
    group,
    version,
    namespace,
    resource,
    subresource: proxyPath ? "" : subresource,
    name,
    parts,
    watchPath,
    ...(fieldSelector && { fieldSelector }),
  };
};

const selectorOf = (text: string | null): FieldSelector | undefined => {
  if (text === null || text === "") return undefined;
  try {
    return parseFieldSelector(text);
  } catch {
    return undefined;
  }
};

/** A flag in the query is set by being there, even empty, unless it says otherwise (`Convert_Slice_string_To_bool`). */
export const isTrue = (value: string | null): boolean => value !== null && !["false", "0"].includes(value.toLowerCase());

/** The parts of a path; slashes at either end do not count. */
export const segmentsOf = (path: string): readonly string[] => {
  let from = 0;
  let to = path.length;
  while (path[from] === "/") from++;
  while (to > from && path[to - 1] === "/") to--;
  return from === to ? [] : path.slice(from, to).split("/");
};

const isPathSegment = (name: string): boolean => name !== "" && name !== "." && name !== ".." && !/[/%]/.test(name);
