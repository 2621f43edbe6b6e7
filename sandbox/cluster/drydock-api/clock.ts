import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { Endpoint, EndpointRequest } from "../../apiserver/server/endpoint-group.ts";
import { fromTime, toMicroTime } from "../../base/clock/clock.ts";
import type { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { localClient } from "../../client/local/local-client.ts";
import type { ControlPlane } from "../control-plane.ts";
import { milliseconds } from "../duration.ts";
import { lookerFor, parseCondition } from "./condition.ts";
import { bodyFields, drydockVersion } from "./body.ts";

/** The cluster's time as clients see it. */
export interface ClockObject {
  readonly apiVersion: string;
  readonly kind: "Clock";
  readonly metadata: { readonly name: "clock" };
  /** Cluster seconds per host second; 0 is paused. */
  readonly speed: number;
  readonly paused: boolean;
  /** RFC 3339, microseconds. */
  readonly now: string;
  /** When something is due next; absent when nothing is. */
  readonly nextTimer?: string;
  /** Of `until`: whether the condition came to hold. */
  readonly held?: boolean;
}

/** How far `until` goes when nobody says: a day of cluster time. */
const usualLimit = 24 * 3_600_000;
/** How far time is moved by one request at most, in milliseconds: ten years. */
const furthest = 10 * 365 * 24 * 3_600_000;
const fastest = 100_000;

/** Time, and what moves it: read, set its speed, pause, resume, advance, wait for a condition, settle. Moves are made one after the other. */
export const clockEndpoints = (clock: () => ClusterClock, controlPlane: () => ControlPlane): readonly Endpoint[] => {
  let lastSpeed = 1;
  let moving: Promise<unknown> = Promise.resolve();
  const now = (more: Partial<ClockObject> = {}): ClockObject => {
    const { speed } = clock();
    const nextTimer = clock().nextTimer();
    return {
      apiVersion: drydockVersion,
      kind: "Clock",
      metadata: { name: "clock" },
      speed,
      paused: speed === 0,
      now: toMicroTime(clock().now()),
      ...(nextTimer !== undefined && { nextTimer: toMicroTime(nextTimer) }),
      ...more,
    };
  };
  const setSpeed = (speed: number): ClockObject => {
    if (clock().speed !== 0) lastSpeed = clock().speed;
    clock().speed = speed;
    return now();
  };
  const inTurn = <Answer>(move: () => Promise<Answer>): Promise<Answer> => {
    const turn = moving.then(move);
    moving = turn.catch(() => undefined);
    return turn;
  };
  const action = (name: string, run: (asked: EndpointRequest) => Promise<ClockObject>): Endpoint => ({
    resource: `clock/${name}`,
    namespaced: false,
    kind: "Clock",
    verbs: ["create"],
    methods: { POST: run },
  });

  return [
    {
      resource: "clock",
      namespaced: false,
      kind: "Clock",
      verbs: ["get", "update"],
      methods: {
        GET: () => Promise.resolve(now()),
        PUT: async (asked) => setSpeed(speedOf(bodyFields(await asked.body())["speed"])),
      },
    },
    action("pause", () => Promise.resolve(setSpeed(0))),
    action("resume", async (asked) => {
      const { speed } = bodyFields(await asked.body());
      return setSpeed(speed === undefined ? clock().speed || lastSpeed : speedOf(speed));
    }),
    action("settle", () =>
      inTurn(() =>
        clock()
          .settle()
          .then(() => now()),
      ),
    ),
    action("advance", async (asked) => {
      const duration = durationOf(bodyFields(await asked.body())["duration"], "duration");
      return inTurn(() =>
        clock()
          .advance(duration)
          .then(() => now()),
      );
    }),
    action("until", async (asked) => {
      const { condition, time, namespace = "default", limit } = bodyFields(await asked.body());
      const most = limit === undefined ? usualLimit : durationOf(limit, "limit");
      if (time !== undefined) {
        const target = typeof time === "string" ? fromTime(time) : undefined;
        if (target === undefined) throw badRequest(`time: ${JSON.stringify(time)} is no RFC 3339 time`);
        return inTurn(async () => {
          const distance = target - clock().now();
          if (distance > furthest) throw badRequest(`time: ${JSON.stringify(time)} is too far away`);
          if (distance > 0) await clock().advance(distance);
          return now({ held: true });
        });
      }
      if (typeof condition !== "string" || typeof namespace !== "string")
        throw badRequest(`condition must be a string, such as "pod/web-1 condition=Ready"`);
      const parsed = parseCondition(condition, namespace, controlPlane());
      const { perform } = controlPlane().apiServer;
      const asUser = localClient({ perform, user: asked.user, userAgent: "drydock", clock: clock() });
      const holds = await lookerFor(parsed, asUser, controlPlane());
      return inTurn(async () => now({ held: (await clock().until(() => asked.signal.aborted || holds(), most)) && holds() }));
    }),
  ];
};

const speedOf = (speed: unknown): number => {
  if (typeof speed !== "number" || !(speed >= 0 && speed <= fastest))
    throw badRequest(`speed must be a number from 0 to ${String(fastest)}, not ${JSON.stringify(speed)}`);
  return speed;
};

const durationOf = (duration: unknown, field: string): number => {
  if (typeof duration !== "string" && typeof duration !== "number") throw badRequest(`${field} must be a duration, such as "7m"`);
  try {
    const ms = milliseconds(typeof duration === "string" ? duration.trim() : duration);
    if (ms >= 0 && ms <= furthest) return ms;
  } catch {
    // Said below.
  }
  throw badRequest(`${field}: ${JSON.stringify(duration)} is no duration, such as 6m or 1h30m, of ten years at most`);
};
