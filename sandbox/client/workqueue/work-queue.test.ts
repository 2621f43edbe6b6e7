import { expect, test } from "vitest";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { ExponentialRateLimiter, TokenBucket } from "./rate-limiter.ts";
import { WorkQueue } from "./work-queue.ts";

const clockAt = (start = 0): ClusterClock => new ClusterClock({ start, speed: 0 });
const queueOn = (clock: ClusterClock): WorkQueue => new WorkQueue({ clock, rateLimiter: new ExponentialRateLimiter() });

test("a key that is added twice is worked on once, and keeps the causes of both", () => {
  const queue = queueOn(clockAt());
  queue.add("shop/web", 7);
  queue.add("shop/web", 9);
  expect(queue.take()).toEqual({ key: "shop/web", revisions: [7, 9], folded: 0 });
  expect(queue.take()).toBeUndefined();
});

test("a key is never worked on twice at the same time, and comes again when it was added meanwhile", () => {
  const queue = queueOn(clockAt());
  queue.add("a");
  queue.take();
  queue.add("a", 3);
  expect(queue.take()).toBeUndefined();
  queue.done("a");
  expect(queue.take()).toEqual({ key: "a", revisions: [3], folded: 0 });
});

test("old causes are folded into a count", () => {
  const queue = new WorkQueue({ clock: clockAt(), maxRevisions: 2 });
  for (const revision of [1, 2, 3, 4, 5]) queue.add("a", revision);
  expect(queue.take()).toEqual({ key: "a", revisions: [4, 5], folded: 3 });
});

test("of two delays of a key the shorter one wins", async () => {
  const clock = clockAt();
  const queue = queueOn(clock);
  queue.addAfter("a", 5000);
  queue.addAfter("a", 1000);
  queue.addAfter("a", 9000);
  await clock.advance(1000);
  expect(queue.take()?.key).toBe("a");
  queue.done("a");
  await clock.advance(60_000);
  expect(queue.take()).toBeUndefined();
});

test("a key that fails waits twice as long each time, until it is forgotten", async () => {
  const clock = clockAt();
  const queue = queueOn(clock);
  for (const wait of [5, 10, 20]) {
    queue.addRateLimited("a");
    await clock.advance(wait - 1);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    queue.take();
    queue.done("a");
  }
  queue.forget("a");
  queue.addRateLimited("a");
  await clock.advance(5);
  expect(queue.length).toBe(1);
});

test("whoever waits for a key gets it, and nothing once the queue is closed", async () => {
  const queue = queueOn(clockAt());
  const next = queue.next();
  queue.add("a");
  expect((await next)?.key).toBe("a");
  const never = queue.next();
  queue.close();
  expect(await never).toBeUndefined();
});

test("a bucket lets a burst through, and then so many a second", () => {
  const bucket = new TokenBucket(10, 2);
  expect([bucket.reserve(0), bucket.reserve(0), bucket.reserve(0), bucket.reserve(0)]).toEqual([0, 0, 100, 200]);
  expect(bucket.tryTake(0)).toBe(false);
});
