import { tooLargeResourceVersion, freshnessPatience } from "./resource-version.ts";
import type { Request } from "./request.ts";

/** Waits until the cache has seen a revision; refuses when it does not within a few seconds. */
export const waitUntilFresh = async (request: Request, revision: number): Promise<void> => {
  const { cache, clock } = request.machinery;
  const gaveUp = new AbortController();
  const wait = cache.reached(revision, gaveUp.signal);
  if (!wait) return;
  const timer = clock.after(freshnessPatience, () => gaveUp.abort());
  await wait;
  timer.cancel();
  if (cache.revision < revision) throw tooLargeResourceVersion(revision, cache.revision);
};
