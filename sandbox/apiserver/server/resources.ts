import { notFound } from "../../apimachinery/errors/constructors.ts";
import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import type { ServedResource } from "../discovery/served-resource.ts";
import type { ServedResources } from "../discovery/served-resources.ts";
import { pageNotFound, type HttpResponse } from "./http.ts";
import type { ResourceHandler } from "./resource-handler.ts";
import { routeOf, type Route } from "./routes.ts";
import type { AuthorizedRequest, Handler } from "./serve.ts";

/** A request to what stands behind an object: `pods/exec`, `services/proxy`. */
export type Connect = (asked: AuthorizedRequest, route: Extract<Route, { kind: "connect" }>) => Promise<HttpResponse>;

export interface ResourcePathsParts {
  readonly served: ServedResources;
  readonly handler: ResourceHandler;
  readonly connect: Connect;
  /** Takes requests to group versions that another server serves; undefined for our own. */
  readonly aggregated?: (asked: AuthorizedRequest) => Promise<HttpResponse> | undefined;
}

/** Paths that are about a resource. */
export const resourcePaths =
  ({ served, handler, connect, aggregated }: ResourcePathsParts): Handler =>
  (asked) => {
    const { request, info } = asked;
    const elsewhere = aggregated?.(asked);
    if (elsewhere) return elsewhere;
    const route = routeOf(info, request.method, served);
    switch (route.kind) {
      case "not-found":
        if (route.voice === "mux") return pageNotFound();
        if (route.voice === "object") throw notFound(route.entry!, info.name);
        throw resourceNotFound();
      case "method-not-allowed":
        throw methodNotAllowed(route.entry, info.verb);
      case "connect":
        return connect(asked, route);
      case "resource":
      case "subresource":
        return handler.handle({ ...asked, ...route });
    }
  };

export const resourceNotFound = (): StatusError => failure(404, "NotFound", "the server could not find the requested resource", {});

/** Custom resources answer in words of their own. */
export const methodNotAllowed = (entry?: ServedResource, verb = ""): StatusError => {
  if (!entry?.custom) return failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
  const { group, resource } = entry;
  return failure(405, "MethodNotAllowed", `${verb} is not supported on resources of kind "${resource}.${group}"`, {
    group,
    kind: resource,
  });
};
