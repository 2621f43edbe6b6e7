import type { VersionPack } from "../api/pack/version-pack.ts";
import { aggregator } from "../apiserver/aggregation/aggregator.ts";
import { AuditLog, type AuditSettings } from "../apiserver/audit/audit-log.ts";
import { binaryReader } from "../apiserver/audit/body.ts";
import type { FrontProxyCertificate } from "../apiserver/aggregation/remote-api.ts";
import { keySet, openIdConfiguration } from "../apiserver/authentication/serviceaccount/openid.ts";
import { ServedResources } from "../apiserver/discovery/served-resources.ts";
import { FlowControl } from "../apiserver/flowcontrol/flow-control.ts";
import { openApiSource } from "../apiserver/openapi/source.ts";
import type { ApiServer } from "../apiserver/perform.ts";
import type { CustomDecoder } from "../apiserver/server/decoder.ts";
import { bodyDecoder } from "../apiserver/server/decoder.ts";
import { Connector } from "../apiserver/server/connect/connector.ts";
import type { NodeConnector } from "../apiserver/server/connect/node-door.ts";
import type { BackendConnector } from "../apiserver/server/connect/proxy.ts";
import { endpointHandler, servedEndpoints, type EndpointGroup } from "../apiserver/server/endpoint-group.ts";
import { Encoder } from "../apiserver/server/encoding.ts";
import { healthChecks } from "../apiserver/server/health.ts";
import type { Serve } from "../apiserver/server/http.ts";
import { openApiPaths } from "../apiserver/server/openapi-paths.ts";
import { nonResourcePaths } from "../apiserver/server/paths.ts";
import { protobufEncoder } from "../apiserver/server/protobuf.ts";
import { ResourceHandler } from "../apiserver/server/resource-handler.ts";
import { resourcePaths } from "../apiserver/server/resources.ts";
import { createServe } from "../apiserver/server/serve.ts";
import { requestMetrics } from "../apiserver/server/server-metrics.ts";
import type { TablePrinters } from "../apiserver/server/table.ts";
import { createUpgrade, type Upgrade } from "../apiserver/server/upgrade.ts";
import { versionInfo } from "../apiserver/server/version.ts";
import type { Clock } from "../base/clock/clock.ts";
import type { Log } from "../base/log/log.ts";
import type { Metrics } from "../base/metrics/metrics.ts";
import type { Random } from "../base/random/random.ts";
import type { Access } from "./access.ts";
import { customKinds } from "./custom-kinds.ts";

export interface FrontDoorOptions {
  readonly apiServer: ApiServer;
  readonly pack: VersionPack;
  readonly access: Access;
  readonly issuer: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly printers: TablePrinters;
  readonly certificate: FrontProxyCertificate;
  /** Groups that are answered by handlers. */
  readonly groups: readonly EndpointGroup[];
  readonly nodes: NodeConnector;
  readonly backends: BackendConnector;
  readonly customDecoder: CustomDecoder;
  /** Where requests are written down, and which. */
  readonly audit?: AuditSettings;
  /** `host:port` of the server. */
  readonly address: () => string;
  readonly state: { readonly started: () => boolean; readonly ending: () => boolean };
}

/** The API server's outer half around its inner one: both its doors. */
export const createFrontDoor = (options: FrontDoorOptions): { readonly serve: Serve; readonly upgrade: Upgrade } => {
  const { apiServer, pack, access, clock, random, log, metrics, groups } = options;
  const served = new ServedResources(
    pack,
    apiServer.registry,
    groups.filter(({ unlisted }) => !unlisted).flatMap(servedEndpoints),
    groups.filter(({ unlisted }) => unlisted).flatMap(servedEndpoints),
  );
  const protobuf = protobufEncoder(pack);
  const encoder = new Encoder(protobuf);
  const handler = new ResourceHandler({
    perform: apiServer.perform,
    decoder: bodyDecoder({ scheme: pack, custom: options.customDecoder }),
    protobuf,
    encoder,
    printers: options.printers,
    clock,
    random,
  });
  const connector = new Connector({
    reader: apiServer.reader,
    random: random.fork("proxy"),
    nodes: options.nodes,
    backends: options.backends,
  });
  const { authenticate, authorizer } = access;
  const aggregated = aggregator({ reader: apiServer.reader, random: random.fork("aggregator"), certificate: options.certificate });
  const endpoints = endpointHandler(groups, encoder);
  const flowConfiguration = (resource: string) => () => {
    const entry = apiServer.registry.find("flowcontrol.apiserver.k8s.io", "v1", resource);
    return entry && apiServer.machinery.cache.of(entry.stored);
  };
  const audit = options.audit && new AuditLog({ ...options.audit, clock, readBinary: binaryReader(pack) });
  const serve = createServe({
    authenticate,
    authorizer,
    resources: resourcePaths({
      served,
      handler,
      connect: (asked, route) => connector.request(asked, route),
      aggregated: (asked) => endpoints(asked) ?? aggregated(asked),
    }),
    paths: nonResourcePaths({
      served,
      reader: apiServer.reader,
      encoder,
      health: healthChecks(options.state),
      metrics,
      versionInfo: versionInfo(pack.version),
      openIdConfiguration: () => openIdConfiguration(options.issuer, options.address()),
      keySet: () => keySet(access.signingKey),
      openApi: openApiPaths(openApiSource({ pack, builtIn: served.builtIn, custom: customKinds(served, apiServer.reader) })),
      address: options.address,
      aggregated,
    }),
    encoder,
    metrics: requestMetrics(metrics),
    ...(audit && { audit }),
    flowControl: new FlowControl({
      flowSchemas: flowConfiguration("flowschemas"),
      priorityLevels: flowConfiguration("prioritylevelconfigurations"),
      clock,
    }),
    isUnlimited: ({ group }) => groups.some((each) => each.group === group),
    clock,
    random,
    log,
  });
  return {
    serve,
    upgrade: createUpgrade({ serve, authenticate, authorizer, ...(audit && { audit }), random, encoder, log, served, connector }),
  };
};
