import { StatusError } from "../../apimachinery/errors/status.ts";
import type { Random } from "../../base/random/random.ts";
import type { Reader } from "../cache/watch-cache.ts";
import { apiServiceFor, type ApiService } from "../discovery/api-services.ts";
import { serviceTarget } from "../server/connect/proxy-target.ts";
import { text, type HttpResponse } from "../server/http.ts";
import { segmentsOf } from "../server/request-info.ts";
import type { AuthorizedRequest } from "../server/serve.ts";
import { askRemote, forwardedHeaders, type FrontProxyCertificate } from "./remote-api.ts";

export interface AggregatorOptions {
  readonly reader: Reader;
  readonly random: Random;
  readonly certificate: FrontProxyCertificate;
}

const bodyLimit = 3 * 1024 * 1024;

/** Hands requests to group versions that an APIService gives to another server on to it; undefined for those that are served here. */
export const aggregator =
  ({ reader, random, certificate }: AggregatorOptions) =>
  (asked: AuthorizedRequest): Promise<HttpResponse> | undefined => {
    const [root, group, version] = segmentsOf(asked.request.path);
    if (root !== "apis" || group === undefined || version === undefined) return undefined;
    const service = apiServiceFor(reader, group, version);
    return service?.spec.service ? proxy(asked, service) : undefined;

    async function proxy({ request, user }: AuthorizedRequest, { spec, status }: ApiService): Promise<HttpResponse> {
      const available = status?.conditions?.find(({ type }) => type === "Available")?.status === "True";
      if (!available) return unavailable();
      const { namespace = "", name = "", port = 443 } = spec.service ?? {};
      try {
        const target = serviceTarget(reader, namespace, `https:${name}:${String(port)}`, (below) => random.integer(below));
        const query = request.query.toString();
        const body = request.method === "GET" || request.method === "HEAD" ? undefined : await request.body(bodyLimit);
        return await askRemote(certificate, {
          target,
          serverName: `${name}.${namespace}.svc`,
          ...(spec.insecureSkipTLSVerify ? {} : { caBundle: spec.caBundle ?? "" }),
          method: request.method,
          path: `${encodeURI(request.path)}${query === "" ? "" : `?${query}`}`,
          headers: forwardedHeaders(request, user),
          ...(body && { body }),
          signal: request.signal,
        });
      } catch (error) {
        if (error instanceof StatusError) return unavailable();
        return text(503, `error trying to reach service: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  };

const unavailable = (): HttpResponse => text(503, "service unavailable\n");
