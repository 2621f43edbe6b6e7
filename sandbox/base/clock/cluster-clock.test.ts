import { expect, test } from "vitest";
import { ClusterClock } from "./cluster-clock.ts";
import { fromTime, toMicroTime, toTime } from "./clock.ts";
import { hostTurn } from "./host.ts";

const paused = () => new ClusterClock({ start: 1_000_000, speed: 0 });

test("advancing runs timers in the order in which they are due, those due together as they were set", async () => {
  const clock = paused();
  const ran: string[] = [];
  clock.after(20, () => ran.push(`b@${clock.now()}`));
  clock.after(10, () => ran.push(`a@${clock.now()}`));
  clock.after(20, () => ran.push(`c@${clock.now()}`));
  clock.after(31, () => ran.push("too late"));
  await clock.advance(30);
  expect(ran).toEqual(["a@1000010", "b@1000020", "c@1000020"]);
  expect(clock.now()).toBe(1_000_030);
});

test("what a timer starts, and the timers which that sets, belong to the same journey", async () => {
  const clock = paused();
  const woke: number[] = [];
  void (async () => {
    for (let round = 0; round < 3; round++) {
      await clock.sleep(5);
      woke.push(clock.now());
    }
  })();
  await clock.advance(12);
  expect(woke).toEqual([1_000_005, 1_000_010]);
});

test("time does not move on while somebody is busy", async () => {
  const clock = paused();
  let finished = 0;
  let release = (): void => undefined;
  clock.after(1, () => void clock.busy(new Promise<void>((resolve) => (release = resolve))).then(() => (finished = clock.now())));
  clock.after(2, () => undefined);
  const journey = clock.advance(10);
  await hostTurn();
  await hostTurn();
  release();
  await journey;
  expect(finished).toBe(1_000_001);
});

test("a cancelled timer never runs, and an aborted sleep rejects", async () => {
  const clock = paused();
  const stop = new AbortController();
  let ran = false;
  clock.after(5, () => (ran = true)).cancel();
  const sleep = clock.sleep(5, stop.signal);
  stop.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  await clock.advance(10);
  expect(ran).toBe(false);
});

test("until stops at the first moment at which the condition holds, and gives up at its limit", async () => {
  const clock = paused();
  let count = 0;
  const tick = (): void =>
    void clock.after(10, () => {
      count++;
      tick();
    });
  tick();
  expect(await clock.until(() => count === 3)).toBe(true);
  expect(clock.now()).toBe(1_000_030);
  expect(await clock.until(() => count < 0, 100)).toBe(false);
});

test("times are written as Kubernetes writes them", () => {
  expect(toTime(1_700_000_000_999)).toBe("2023-11-14T22:13:20Z");
  expect(toMicroTime(1_700_000_000_000.25)).toBe("2023-11-14T22:13:20.000250Z");
  expect(fromTime("2023-11-14T22:13:20Z")).toBe(1_700_000_000_000);
});
