import { expect, test } from "vitest";
import { SeededRandom } from "./random.ts";

test("the same seed gives the same chance, another seed another", () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.integer(1000)
      )(new SeededRandom(seed)),
    );
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("a uid is a version 4 UUID, a suffix has letters and digits that form no words", () => {
  const random = new SeededRandom(1);
  for (let round = 0; round < 200; round++) {
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.suffix()).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  }
});

test("a forked stream does not depend on what others drew", () => {
  const parent = new SeededRandom(3);
  const before = parent.fork("scheduler").integer(1_000_000);
  parent.next();
  expect(parent.fork("scheduler").integer(1_000_000)).toBe(before);
  expect(parent.fork("kubelet").integer(1_000_000)).not.toBe(before);
});

test("whole numbers spread evenly", () => {
  const random = new SeededRandom(11);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw++) counts[random.integer(10)]!++;
  for (const count of counts) expect(count).toBeGreaterThan(850);
});
