/**
 * Does `count` things in batches of 1, 2, 4…, and stops after a batch in which one failed, so that a quota or a webhook that refuses is not
 * asked a thousand times (slowStartBatch). Answers how many went well, and the first error.
 */
export const slowStart = async (
  count: number,
  act: (index: number) => Promise<unknown>,
  largest = Infinity,
): Promise<{ readonly done: number; readonly error?: unknown }> => {
  let done = 0;
  for (let next = 0, size = 1; next < count; size = Math.min(size * 2, largest)) {
    const batch = Math.min(size, count - next);
    const results = await Promise.allSettled(Array.from({ length: batch }, (_, offset) => act(next + offset)));
    next += batch;
    const failed = results.filter((result) => result.status === "rejected");
    done += batch - failed.length;
    if (failed[0]) return { done, error: failed[0].reason };
  }
  return { done };
};
