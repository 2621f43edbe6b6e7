import type { IPAddress, Service } from "../../../../../api/types.ts";
import { hasReason } from "../../../../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../../../../apimachinery/meta/types.ts";
import type { Operation, Perform } from "../../../../../apimachinery/operation/operation.ts";
import type { Clock } from "../../../../../base/clock/clock.ts";
import type { Log } from "../../../../../base/log/log.ts";
import type { ResourceCache } from "../../../../cache/resource-cache.ts";
import { loopbackAgent, loopbackUser } from "../../../../loopback/loopback.ts";
import { addressesOf } from "./needs.ts";

const group = "networking.k8s.io";
const managedBy = "ipaddress.kubernetes.io/managed-by";
const manager = "ipallocator.k8s.io";

interface Options {
  readonly services: ResourceCache;
  readonly addresses: ResourceCache;
  readonly perform: Perform;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps an IPAddress object for each address that a Service holds, in releases that have the kind (1.33 and later). They only show: what is taken is known from the
 * Services themselves.
 */
export const keepIPAddresses = ({ services, addresses, perform, clock, log }: Options): void => {
  const settle = async (address: string, service: Service | undefined): Promise<void> => {
    const known = addresses.get("", address)?.object as IPAddress | undefined;
    if (known && known.metadata.labels?.[managedBy] !== manager) return;
    const isSame =
      known?.spec?.parentRef?.name === service?.metadata.name && known?.spec?.parentRef?.namespace === service?.metadata.namespace;
    if (known && service && isSame) return;
    if (known) await act(perform, { verb: "delete", name: address });
    if (service) await act(perform, { verb: "create", object: objectFor(address, service) });
  };
  const soon = (address: string, service: Service | undefined): void =>
    void clock.after(
      0,
      () =>
        void settle(address, service).catch((error: unknown) =>
          log.warn("an IPAddress is not as it should be", { address, error: String(error) }),
        ),
    );
  const begin = (): void => {
    const held = new Map<string, Service>();
    for (const { object } of services.list())
      for (const address of addressesOf((object as Service).spec)) held.set(address, object as Service);
    for (const { name, object } of addresses.list())
      if (object.metadata.labels?.[managedBy] === manager && !held.has(name)) soon(name, undefined);
    for (const [address, service] of held) soon(address, service);
    services.subscribe(
      {},
      {
        change: ({ current, previous }) => {
          const now = current?.object as Service | undefined;
          const kept = addressesOf(now?.spec);
          for (const address of addressesOf((previous?.object as Service | undefined)?.spec))
            if (!kept.includes(address)) soon(address, undefined);
          for (const address of kept) soon(address, now);
        },
        ended: () => services.onceBegun(begin),
      },
    );
  };
  begin();
};

const objectFor = (address: string, { metadata }: Service): AnyObject => ({
  apiVersion: `${group}/v1`,
  kind: "IPAddress",
  metadata: {
    name: address,
    labels: { "ipaddress.kubernetes.io/ip-family": address.includes(":") ? "IPv6" : "IPv4", [managedBy]: manager },
  },
  spec: { parentRef: { group: "", resource: "services", namespace: metadata.namespace, name: metadata.name } },
});

const act = async (perform: Perform, what: Pick<Operation, "verb"> & Partial<Operation>): Promise<void> => {
  try {
    await perform({ group, version: "v1", resource: "ipaddresses", user: loopbackUser, userAgent: loopbackAgent, ...what });
  } catch (error) {
    if (!hasReason(error, "NotFound", "AlreadyExists")) throw error;
  }
};
