/** CNI's part: addresses for pods. The kubelet's runtime asks; drivers answer. */
export interface PodNetwork {
  /** Joins a sandbox to the network of its node; answers its addresses, the primary one first. */
  attach(pod: { readonly sandboxId: string; readonly namespace: string; readonly name: string }): Promise<readonly string[]>;
  /** Harmless when it was never attached. */
  detach(sandboxId: string): Promise<void>;
}

export type Protocol = "TCP" | "UDP" | "SCTP";

/** Who asks: the address packets come from, and the node they start on. Absent for what comes from outside the cluster. */
export interface Origin {
  readonly address?: string;
  readonly node?: string;
}

/** A request as a simulated pod answers it. A UDP datagram is a request whose method is `UDP` and whose path is its content. */
export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly from?: Origin;
}

export interface SimulatedAnswer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
  /** Where a redirect leads. */
  readonly location?: string;
}

/** Who answers at an address. */
export interface Listener {
  /** Whether a connection to the port is taken. */
  listens(port: number, protocol: Protocol): boolean;
  /** Undefined where nothing listens on the port: connection refused. */
  request(port: number, request: SimulatedRequest): Promise<SimulatedAnswer | undefined>;
}

/** Where packets for a Service end: at an endpoint, refused (no endpoint), or lost (none that this node may use). */
export type Delivery = { readonly address: string; readonly port: number } | "refused" | "dropped";

/** Turns a Service's address and port into an endpoint's; undefined where the address is no Service's. Given by the proxy. */
export type ServiceBalancer = (address: string, port: number, protocol: Protocol, from: Origin) => Delivery | undefined;

export type RecordType = "A" | "AAAA" | "SRV" | "PTR" | "CNAME";

/** A resource record; `data` as a zone file has it (`10.96.0.1`, `0 100 443 kubernetes.default.svc.cluster.local.`). */
export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  readonly data: string;
}

export interface DnsAnswer {
  readonly code: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  readonly records: readonly DnsRecord[];
}

/** Asks a name server; undefined where none answers at that address. Names are absolute, without the last dot. Given by the cluster DNS. */
export type NameServer = (server: string, name: string, type: RecordType) => DnsAnswer | undefined;
