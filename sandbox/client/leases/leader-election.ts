import { hasReason } from "../../apimachinery/errors/status.ts";
import { leases } from "../../api/resources.ts";
import type { Lease } from "../../api/types.ts";
import { toMicroTime, type Clock } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import type { Client, Place } from "../client.ts";

export interface LeaderElectionOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  /** The Lease that is fought over. */
  readonly lease: Place;
  /** Who we are: `host_uuid`. */
  readonly identity: string;
  /** How long others wait before they take a lease that is not renewed. */
  readonly leaseMs?: number;
  /** How long a leader tries to renew before it gives up. */
  readonly renewDeadlineMs?: number;
  readonly retryMs?: number;
  readonly onStartedLeading: () => void;
  readonly onStoppedLeading: () => void;
}

/** What holds the lease, and when we last saw it change; the holder's clock is never trusted. */
interface Observed {
  readonly lease: Lease;
  readonly at: number;
}

/** Runs for leader until `signal` says stop; gives the lease back then, if it has it (client-go's tools/leaderelection). */
export const runForLeader = async (options: LeaderElectionOptions, signal: AbortSignal): Promise<void> => {
  const { clock, random, retryMs = 2000, renewDeadlineMs = 10_000 } = options;
  let observed: Observed | undefined;
  let leading = false;
  let renewed = clock.now();
  const pause = (): Promise<void> => clock.sleep(retryMs * (leading ? 1 : 1 + random.next() * 1.2), signal).catch(() => {});
  while (!signal.aborted) {
    const attempt: Attempt = await tryAcquire(options, observed).catch((): Attempt => ({ held: false, observed }));
    observed = attempt.observed;
    if (attempt.held) {
      renewed = clock.now();
      if (!leading) options.onStartedLeading();
      leading = true;
    } else if (leading && clock.now() - renewed >= renewDeadlineMs) {
      leading = false;
      options.onStoppedLeading();
    }
    await pause();
  }
  if (!leading) return;
  if (observed) await release(options, observed.lease).catch(() => {});
  options.onStoppedLeading();
};

interface Attempt {
  readonly held: boolean;
  readonly observed: Observed | undefined;
}

/** One try: takes the lease if it is free, ours or expired. */
const tryAcquire = async (
  { client, clock, lease: place, identity, leaseMs = 15_000 }: LeaderElectionOptions,
  observed: Observed | undefined,
): Promise<Attempt> => {
  const now = clock.now();
  const time = toMicroTime(now);
  const mine = { holderIdentity: identity, leaseDurationSeconds: Math.round(leaseMs / 1000), renewTime: time };
  let current: Lease;
  try {
    current = await client.get(leases, place);
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    const created = await client.create(leases, { metadata: { ...place }, spec: { ...mine, acquireTime: time, leaseTransitions: 0 } });
    return { held: true, observed: { lease: created, at: now } };
  }
  const seen: Observed =
    observed && observed.lease.metadata.resourceVersion === current.metadata.resourceVersion ? observed : { lease: current, at: now };
  const { spec } = current;
  const others = spec?.holderIdentity !== undefined && spec.holderIdentity !== "" && spec.holderIdentity !== identity;
  if (others && seen.at + (spec.leaseDurationSeconds ?? 0) * 1000 > now) return { held: false, observed: seen };
  const keeps = spec?.holderIdentity === identity;
  const next: Lease = {
    ...current,
    spec: {
      ...spec,
      ...mine,
      acquireTime: keeps ? (spec.acquireTime ?? time) : time,
      leaseTransitions: (spec?.leaseTransitions ?? 0) + (keeps ? 0 : 1),
    },
  };
  return { held: true, observed: { lease: await client.update(leases, next), at: now } };
};

const release = async ({ client, clock }: LeaderElectionOptions, lease: Lease): Promise<void> => {
  const time = toMicroTime(clock.now());
  const { leaseTransitions } = lease.spec ?? {};
  await client.update(leases, {
    ...lease,
    spec: { holderIdentity: "", leaseDurationSeconds: 1, renewTime: time, acquireTime: time, leaseTransitions },
  });
};
