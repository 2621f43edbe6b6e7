import { randomInt } from "node:crypto";
import {
  Metadata,
  credentials as grpcCredentials,
  loadPackageDefinition,
  type ChannelCredentials,
  type ClientDuplexStream,
  type ServiceError,
} from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import { hostNow } from "../../base/clock/host.ts";

/** The part of etcd's API v3 (package etcdserverpb) that the store uses: field numbers are etcd's, unknown fields are skipped. */
const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: "repeated", type, id });
const message = (fields: object, oneofs?: object) => ({ fields, ...(oneofs && { oneofs }) });
const etcdserverpb = {
  ResponseHeader: message({ revision: field("int64", 3) }),
  KeyValue: message({
    key: field("bytes", 1),
    createRevision: field("int64", 2),
    modRevision: field("int64", 3),
    value: field("bytes", 5),
  }),
  Event: message({ type: field("int32", 1), kv: field("KeyValue", 2), prevKv: field("KeyValue", 3) }),
  RangeRequest: message({ key: field("bytes", 1), rangeEnd: field("bytes", 2), limit: field("int64", 3), revision: field("int64", 4) }),
  RangeResponse: message({ header: field("ResponseHeader", 1), kvs: list("KeyValue", 2), count: field("int64", 4) }),
  PutRequest: message({ key: field("bytes", 1), value: field("bytes", 2), lease: field("int64", 3) }),
  DeleteRangeRequest: message({ key: field("bytes", 1) }),
  Compare: message({ result: field("int32", 1), target: field("int32", 2), key: field("bytes", 3), modRevision: field("int64", 6) }),
  RequestOp: message(
    { requestRange: field("RangeRequest", 1), requestPut: field("PutRequest", 2), requestDeleteRange: field("DeleteRangeRequest", 3) },
    { request: { oneof: ["requestRange", "requestPut", "requestDeleteRange"] } },
  ),
  ResponseOp: message({ responseRange: field("RangeResponse", 1) }, { response: { oneof: ["responseRange"] } }),
  TxnRequest: message({ compare: list("Compare", 1), success: list("RequestOp", 2), failure: list("RequestOp", 3) }),
  TxnResponse: message({ header: field("ResponseHeader", 1), succeeded: field("bool", 2), responses: list("ResponseOp", 3) }),
  CompactionRequest: message({ revision: field("int64", 1), physical: field("bool", 2) }),
  CompactionResponse: message({ header: field("ResponseHeader", 1) }),
  WatchCreateRequest: message({
    key: field("bytes", 1),
    rangeEnd: field("bytes", 2),
    startRevision: field("int64", 3),
    progressNotify: field("bool", 4),
    prevKv: field("bool", 6),
  }),
  WatchRequest: message({ createRequest: field("WatchCreateRequest", 1) }, { request: { oneof: ["createRequest"] } }),
  WatchResponse: message({
    header: field("ResponseHeader", 1),
    created: field("bool", 3),
    canceled: field("bool", 4),
    compactRevision: field("int64", 5),
    cancelReason: field("string", 6),
    events: list("Event", 11),
  }),
  LeaseGrantRequest: message({ TTL: field("int64", 1), ID: field("int64", 2) }),
  LeaseGrantResponse: message({ TTL: field("int64", 3) }),
  KV: {
    methods: {
      Range: { requestType: "RangeRequest", responseType: "RangeResponse" },
      Txn: { requestType: "TxnRequest", responseType: "TxnResponse" },
      Compact: { requestType: "CompactionRequest", responseType: "CompactionResponse" },
    },
  },
  Watch: { methods: { Watch: { requestType: "WatchRequest", requestStream: true, responseType: "WatchResponse", responseStream: true } } },
  Lease: { methods: { LeaseGrant: { requestType: "LeaseGrantRequest", responseType: "LeaseGrantResponse" } } },
};

export interface EtcdKeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly createRevision: number;
  readonly modRevision: number;
}
interface Header {
  readonly revision: number;
}
export interface RangeResponse {
  readonly header: Header;
  readonly kvs: readonly EtcdKeyValue[];
  /** Keys in the whole range, whatever the limit. */
  readonly count: number;
}
export interface TxnResponse {
  readonly header: Header;
  readonly succeeded: boolean;
  readonly responses: readonly { readonly responseRange?: RangeResponse }[];
}
export interface WatchResponse {
  readonly header: Header;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: number;
  readonly cancelReason: string;
  /** Type 1 is a deletion. */
  readonly events: readonly { readonly type: number; readonly kv: EtcdKeyValue; readonly prevKv?: EtcdKeyValue | null }[];
}

/** Where etcd is, and by which certificates it is spoken to (PEM). */
export interface EtcdServers {
  /** `http://127.0.0.1:2379`, `https://…`: members of one cluster. */
  readonly urls: readonly string[];
  readonly ca?: Buffer;
  readonly certificate?: Buffer;
  readonly key?: Buffer;
}

/** One call to etcd; rejects with grpc's ServiceError. */
export interface EtcdApi {
  range(request: object): Promise<RangeResponse>;
  txn(request: object): Promise<TxnResponse>;
  compact(request: object): Promise<unknown>;
  /** A lease of so many seconds; answers its id. */
  grant(seconds: number): Promise<number>;
  watch(): ClientDuplexStream<object, WatchResponse>;
  /** Goes on with the next member. */
  next(): void;
  close(): void;
}

type Unary = (request: object, options: object, done: (error: ServiceError | null, response: unknown) => void) => void;
interface Stub {
  readonly Range: Unary;
  readonly Txn: Unary;
  readonly Compact: Unary;
  readonly LeaseGrant: Unary;
  Watch(metadata: Metadata): ClientDuplexStream<object, WatchResponse>;
  close(): void;
}
type Service = new (address: string, credentials: ChannelCredentials, options: object) => Stub;

/** Values up to etcd's own request limit and pages of many of them. */
const channelOptions = {
  "grpc.max_receive_message_length": 512 * 1024 * 1024,
  "grpc.max_send_message_length": 64 * 1024 * 1024,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
};
const deadline = 10_000;

/** A client of etcd's API. */
export const connectEtcd = ({ urls, ca, certificate, key }: EtcdServers): EtcdApi => {
  const definition = fromJSON({ nested: { etcdserverpb: { nested: etcdserverpb } } } as Parameters<typeof fromJSON>[0], {
    longs: Number,
    defaults: true,
    oneofs: true,
  });
  const services = loadPackageDefinition(definition)["etcdserverpb"] as unknown as Readonly<Record<"KV" | "Watch" | "Lease", Service>>;
  const members = urls.map((url) => {
    const { protocol, host } = new URL(url);
    const secured =
      protocol === "https:" ? grpcCredentials.createSsl(ca ?? null, key ?? null, certificate ?? null) : grpcCredentials.createInsecure();
    const stub = (service: Service): Stub => new service(host, secured, channelOptions);
    return { kv: stub(services.KV), watch: stub(services.Watch), lease: stub(services.Lease) };
  });
  let at = 0;
  const member = () => members[at % members.length]!;
  const call = <T>(stub: Stub, method: "Range" | "Txn" | "Compact" | "LeaseGrant", request: object): Promise<T> =>
    new Promise((resolve, reject) =>
      stub[method](request, { deadline: hostNow() + deadline, waitForReady: members.length === 1 }, (error, response) =>
        error ? reject(error) : resolve(response as T),
      ),
    );
  return {
    range: (request) => call(member().kv, "Range", request),
    txn: (request) => call(member().kv, "Txn", request),
    compact: (request) => call(member().kv, "Compact", request),
    async grant(seconds) {
      // Numbers carry 53 bits, etcd's own ids have 63: the client may choose them.
      const id = randomInt(1, 2 ** 48 - 1);
      await call(member().lease, "LeaseGrant", { TTL: seconds, ID: id });
      return id;
    },
    watch() {
      const metadata = new Metadata();
      // A member that has lost its leader ends the watch instead of keeping silent.
      metadata.set("hasleader", "true");
      return member().watch.Watch(metadata);
    },
    next() {
      at++;
    },
    close() {
      for (const { kv, watch, lease } of members) for (const stub of [kv, watch, lease]) stub.close();
    },
  };
};
