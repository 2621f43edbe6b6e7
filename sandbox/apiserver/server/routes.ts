import type { ServedResource, ServedSubresource } from "../discovery/served-resource.ts";
import type { ServedResources } from "../discovery/served-resources.ts";
import type { RequestInfo } from "./request-info.ts";

/** Where a request about a resource leads. */
export type Route =
  /** No such resource: as Kubernetes' own groups say it, or as Go's mux does for paths that nobody registered. */
  /** `object`: a custom object's subresource that its definition does not have. */
  | { readonly kind: "not-found"; readonly voice: "status" | "mux" | "object"; readonly entry?: ServedResource }
  | { readonly kind: "method-not-allowed"; readonly entry?: ServedResource }
  | { readonly kind: "resource"; readonly entry: ServedResource }
  | { readonly kind: "subresource"; readonly entry: ServedResource; readonly subresource: ServedSubresource }
  /** A path that connects to what stands behind the object: exec, proxy, log. `rest` is what follows `/proxy`. */
  | { readonly kind: "connect"; readonly entry: ServedResource; readonly subresource: ServedSubresource; readonly rest: string };

const connecting = new Set(["attach", "exec", "portforward", "proxy", "log"]);
const acrossNamespaces = new Set(["list", "watch"]);

/** Finds the route, by the same rules as upstream's installer lays them out. */
export const routeOf = (info: RequestInfo, method: string, served: ServedResources): Route => {
  const { group, version, resource, namespace, parts } = info;
  const entry = served.find(group, version, resource);
  if (!entry) return { kind: "not-found", voice: group === "" || served.isBuiltInGroup(group) ? "status" : "mux" };
  const notFound: Route = { kind: "not-found", voice: entry.custom ? "mux" : "status" };
  const isNamespaces = group === "" && resource === "namespaces";
  if (!entry.namespaced && namespace !== "" && !isNamespaces) return notFound;
  if (info.watchPath) return watchRoute(info, method, entry);

  const named = parts.length > 1;
  if (entry.namespaced && namespace === "" && (named || (entry.custom && !acrossNamespaces.has(info.verb)))) return notFound;
  const name = parts[2];
  if (name === undefined) return collectionOrItem(info, method, entry, named);
  const subresource = entry.subresources.find((each) => each.name === name);
  if (!subresource) return entry.custom && parts.length === 3 ? { kind: "not-found", voice: "object", entry } : notFound;
  if (connecting.has(name) && !entry.custom) {
    if (parts.length > 3 && name !== "proxy") return notFound;
    return allowsMethod(subresource, method)
      ? { kind: "connect", entry, subresource, rest: `/${parts.slice(3).join("/")}` }
      : { kind: "method-not-allowed", entry };
  }
  if (parts.length > 3) return notFound;
  return method !== "HEAD" && subresource.verbs.includes(verbOf(method))
    ? { kind: "subresource", entry, subresource }
    : { kind: "method-not-allowed", entry };
};

const watchRoute = ({ parts }: RequestInfo, method: string, entry: ServedResource): Route => {
  if (entry.custom || parts.length > 2 || !entry.verbs.includes("watch"))
    return { kind: "not-found", voice: entry.custom ? "mux" : "status" };
  return method === "GET" ? { kind: "resource", entry } : { kind: "method-not-allowed", entry };
};

const collectionOrItem = ({ namespace, verb }: RequestInfo, method: string, entry: ServedResource, named: boolean): Route => {
  const refused: Route = { kind: "method-not-allowed", entry };
  if (method === "HEAD" || method === "OPTIONS") return refused;
  if (entry.namespaced && namespace === "" && method !== "GET") return refused;
  const asked = named ? verbOf(method) : collectionVerb(method, verb);
  return entry.verbs.includes(asked) && named === itemVerbs.has(asked) ? { kind: "resource", entry } : refused;
};

const itemVerbs = new Set(["get", "update", "patch", "delete"]);

const verbOf = (method: string): string => ({ GET: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" })[method] ?? "";

const collectionVerb = (method: string, verb: string): string => {
  if (method === "GET") return verb === "watch" ? "watch" : "list";
  return method === "DELETE" ? "deletecollection" : verbOf(method);
};

/** Connecting takes every method that maps to a verb of the subresource; HEAD and OPTIONS pass a proxy too. */
const allowsMethod = ({ name, verbs }: ServedSubresource, method: string): boolean => {
  if (method === "HEAD" || method === "OPTIONS") return name === "proxy";
  return verbs.includes(verbOf(method));
};
