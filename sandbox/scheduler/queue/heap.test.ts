import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "./heap.ts";

test("a heap gives its entries back in order, whatever was taken from it or changed meanwhile", () => {
  const entry = fc.record({ key: fc.string({ maxLength: 2 }), rank: fc.integer(), heapIndex: fc.constant(0) });
  fc.assert(
    fc.property(fc.array(entry), fc.array(fc.string({ maxLength: 2 })), (entries, taken) => {
      const heap = new Heap<(typeof entries)[number]>(
        ({ key }) => key,
        (a, b) => a.rank - b.rank,
      );
      const kept = new Map<string, number>();
      for (const each of entries) {
        heap.push(each);
        kept.set(each.key, each.rank);
      }
      for (const key of taken) {
        expect(heap.delete(key)?.rank).toBe(kept.get(key));
        kept.delete(key);
      }
      expect(heap.size).toBe(kept.size);
      const order: number[] = [];
      for (let next = heap.pop(); next; next = heap.pop()) order.push(next.rank);
      expect(order).toEqual([...kept.values()].sort((a, b) => a - b));
    }),
  );
});
