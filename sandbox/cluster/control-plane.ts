import { X509Certificate } from "node:crypto";
import ipaddr from "ipaddr.js";
import { loadPack } from "../api/pack/load-pack.ts";
import type { VersionPack } from "../api/pack/version-pack.ts";
import { ApiServiceStatus } from "../apiserver/aggregation/api-service-status.ts";
import { keepCustomApiServices } from "../apiserver/aggregation/auto-registration.ts";
import { dynamicAdmission } from "../apiserver/admission/dynamic.ts";
import { WebhookClient } from "../apiserver/admission/webhooks/webhook-client.ts";
import { Definitions, runRules } from "../apiserver/apiextensions/index.ts";
import { escalationCheck } from "../apiserver/authorization/rbac/escalation-check.ts";
import { storedPolicy } from "../apiserver/authorization/rbac/policy-source.ts";
import type { Reader } from "../apiserver/cache/watch-cache.ts";
import { createApiServer, type ApiServer } from "../apiserver/perform.ts";
import { featuresOf } from "../apiserver/registry/features.ts";
import { strategies } from "../apiserver/registry/strategies.ts";
import { firstConnector, type NodeConnector } from "../apiserver/server/connect/node-door.ts";
import type { BackendConnector } from "../apiserver/server/connect/proxy.ts";
import { remoteNodes } from "../apiserver/server/connect/remote-node.ts";
import { performEndpoints, type EndpointGroup } from "../apiserver/server/endpoint-group.ts";
import type { Serve } from "../apiserver/server/http.ts";
import { ServerSocket } from "../apiserver/server/socket.ts";
import type { Upgrade } from "../apiserver/server/upgrade.ts";
import { tablePrinters } from "../apiserver/tables/tables.ts";
import type { Clock } from "../base/clock/clock.ts";
import { hostNow } from "../base/clock/host.ts";
import { silentLog } from "../base/log/log.ts";
import { Metrics } from "../base/metrics/metrics.ts";
import type { Random } from "../base/random/random.ts";
import type { Storage } from "../storage/storage.ts";
import { createAccess, frontProxyNames } from "./access.ts";
import { bootstrap } from "./bootstrap/bootstrap.ts";
import { loadPki, type Pki } from "./certificates/pki.ts";
import { createFrontDoor } from "./front-door.ts";
import { defaultIssuer, defaultServiceRange, defaultVersion, type ClusterOptions } from "./options.ts";

export interface ControlPlaneOptions extends ClusterOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  /** Groups of the API that are answered by handlers instead of the store. */
  readonly groups?: readonly EndpointGroup[];
}

/** The API server as a whole: both its doors, its keys, and what it starts with. */
export class ControlPlane {
  readonly apiServer: ApiServer;
  readonly serve: Serve;
  readonly pack: VersionPack;
  readonly metrics = new Metrics();
  readonly pki: Pki;
  /** How simulated nodes and their pods are reached; set by whoever runs them. */
  simulated: { nodes: NodeConnector; backends: BackendConnector } = { nodes: () => undefined, backends: () => undefined };
  readonly #upgrade: Upgrade;
  readonly #options: ControlPlaneOptions;
  readonly #definitions: Definitions;
  readonly #ends: (() => void)[] = [];
  #socket: ServerSocket | undefined;
  #port: number | undefined;
  #started = false;
  #ending = false;

  private constructor(options: ControlPlaneOptions, pki: Pki) {
    const { storage, clock, random, issuer = defaultIssuer, kubernetesVersion = defaultVersion, log = silentLog } = options;
    this.#options = options;
    this.pki = pki;
    this.pack = loadPack(kubernetesVersion);
    const reader = lateReader(() => this.apiServer.reader);
    const access = createAccess({
      reader,
      clock,
      random: random.fork("tokens"),
      issuer,
      serviceAccountKey: pki.serviceAccountKey,
      log,
      settings: options.access,
    });
    this.apiServer = createApiServer({
      storage,
      pack: this.pack,
      clock,
      random: random.fork("api"),
      strategies,
      authorizer: access.authorizer,
      reviews: access.reviews,
      issueToken: access.issueToken,
      endpoints: performEndpoints(options.groups ?? []),
      dynamicAdmission: [
        () => escalationCheck(storedPolicy(reader), access.authorizer),
        ...dynamicAdmission({ registry: () => this.apiServer.registry, backends: (target) => this.simulated.backends(target) }),
      ],
      serviceCIDRs: (options.serviceClusterIpRange ?? defaultServiceRange).split(","),
      enabled: featuresOf(Number(kubernetesVersion.split(".")[1])),
      log,
    });
    const conversionRandom = random.fork("conversion");
    const webhooks = new WebhookClient({ reader, random: conversionRandom, clock, backends: (target) => this.simulated.backends(target) });
    this.#definitions = new Definitions({
      perform: this.apiServer.perform,
      registry: this.apiServer.registry,
      reader,
      clock,
      log,
      metadata: this.pack.schemaNamed("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")!,
      checkRules: runRules,
      conversionCalls: { post: (...call) => webhooks.post(...call), clock, random: conversionRandom },
    });
    const { serve, upgrade } = createFrontDoor({
      apiServer: this.apiServer,
      pack: this.pack,
      access,
      issuer,
      clock,
      random: random.fork("http"),
      log,
      metrics: this.metrics,
      printers: tablePrinters(this.pack, (entry) => this.#definitions.printers(entry)),
      certificate: pki.frontProxyClient,
      groups: options.groups ?? [],
      ...(options.audit && { audit: options.audit }),
      nodes: firstConnector((node) => this.simulated.nodes(node), remoteNodes(pki.kubeletClient)),
      backends: (target) => this.simulated.backends(target),
      customDecoder: this.#definitions.decoder,
      address: () => this.address,
      state: { started: () => this.#started, ending: () => this.#ending },
    });
    this.serve = serve;
    this.#upgrade = upgrade;
  }

  static async create(options: ControlPlaneOptions): Promise<ControlPlane> {
    const directory = options.pkiDir ?? options.dataDir;
    const host = options.listen?.host ?? "127.0.0.1";
    const addresses = [
      ...new Set([
        "127.0.0.1",
        "::1",
        firstAddress(options.serviceClusterIpRange ?? defaultServiceRange),
        ...(ipaddr.isValid(host) ? [host] : []),
      ]),
    ];
    const pki = await loadPki({ ...(directory !== undefined && { directory: `${directory}/pki` }), addresses, now: hostNow() });
    return new ControlPlane(options, pki);
  }

  /** `host:port`. */
  get address(): string {
    const host = this.#options.listen?.host ?? "127.0.0.1";
    return `${host.includes(":") ? `[${host}]` : host}:${String(this.#port ?? 6443)}`;
  }

  /** Absent without a socket. */
  get url(): string | undefined {
    return this.#port === undefined ? undefined : `https://${this.address}`;
  }

  /** Resolves when `/readyz` answers 200. Rejects when the port is taken. */
  async start(): Promise<void> {
    const { listen, clock, groups = [] } = this.#options;
    if (listen) {
      const { apiServer, ca, frontProxyCa } = this.pki;
      this.#socket = new ServerSocket({
        serve: this.serve,
        upgrade: this.#upgrade,
        clock,
        movesTime: (path) => groups.some(({ group }) => path.startsWith(`/apis/${group}/`)),
        certificate: apiServer.certificate,
        key: apiServer.key,
        clientAuthority: new X509Certificate(ca.certificate),
        frontProxyAuthority: new X509Certificate(frontProxyCa.certificate),
      });
      this.#port = await this.#socket.listen(listen.port, listen.host ?? "127.0.0.1");
    }
    await this.apiServer.start();
    await this.#definitions.start();
    await this.#bootstrap();
    this.#aggregate();
    this.#started = true;
  }

  async stop(): Promise<void> {
    this.#ending = true;
    for (const end of this.#ends) end();
    await this.#socket?.stop();
    await this.#definitions.stop();
    await this.apiServer.stop();
  }

  #aggregate(): void {
    const { perform, reader, registry, machinery } = this.apiServer;
    const { clock, random, log = silentLog } = this.#options;
    const cacheOf = (group: string, resource: string) => machinery.cache.of(registry.find(group, "v1", resource)!.stored);
    const status = new ApiServiceStatus({
      perform,
      reader,
      apiServices: cacheOf("apiregistration.k8s.io", "apiservices"),
      services: cacheOf("", "services"),
      endpointSlices: cacheOf("discovery.k8s.io", "endpointslices"),
      clock,
      random: random.fork("availability"),
      log,
      certificate: this.pki.frontProxyClient,
    });
    status.start();
    this.#ends.push(() => status.stop(), keepCustomApiServices({ perform, reader, registry, clock, log }));
  }

  async #bootstrap(): Promise<void> {
    const { apiServer, pack, pki } = this;
    const clusterIp = firstAddress(this.#options.serviceClusterIpRange ?? defaultServiceRange);
    const endpoint =
      this.#port === undefined
        ? {}
        : { endpoint: { address: reachableAddress(this.#options.listen?.host ?? "127.0.0.1"), port: this.#port } };
    await bootstrap({
      perform: apiServer.perform,
      reader: apiServer.reader,
      pack,
      log: this.#options.log ?? silentLog,
      service: { clusterIp, ipFamily: clusterIp.includes(":") ? "IPv6" : "IPv4", ...endpoint },
      material: { clientCa: pki.ca.certificate, frontProxyCa: pki.frontProxyCa.certificate, frontProxyNames },
    });
  }
}

/** Authorizers are made before what they read from. */
const lateReader = (reader: () => Reader): Reader => ({
  get: (group, resource, namespace, name) => reader().get(group, resource, namespace, name),
  list: (group, resource, namespace) => reader().list(group, resource, namespace),
  podsOn: (nodeName) => reader().podsOn(nodeName),
});

/** The API server's own address within the service range. */
export const firstAddress = (range: string): string => {
  const [network] = ipaddr.parseCIDR(range.split(",")[0] ?? defaultServiceRange);
  const bytes = network.toByteArray();
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1;
  return ipaddr.fromByteArray(bytes).toString();
};

/** Endpoints may not be loopback addresses: a documentation address stands for a server that only this machine reaches. */
const reachableAddress = (host: string): string =>
  ipaddr.isValid(host) && !["loopback", "unspecified"].includes(ipaddr.parse(host).range()) ? host : "192.0.2.1";
