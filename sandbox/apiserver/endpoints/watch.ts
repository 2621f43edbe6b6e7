import { expired } from "../../apimachinery/errors/constructors.ts";
import { StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { OperationResult, WatchEvent } from "../../apimachinery/operation/operation.ts";
import type { Timer } from "../../base/clock/clock.ts";
import type { Change } from "../cache/history.ts";
import { bookmark } from "./bookmark.ts";
import { waitUntilFresh } from "./freshness.ts";
import { validateListOptions } from "./list-options.ts";
import { newestOf } from "./list.ts";
import type { Request } from "./request.ts";
import { parseResourceVersion } from "./resource-version.ts";
import { selectionOf, type Selection } from "./selection.ts";
import { PushStream } from "./watch-stream.ts";

/** How often a watch that asked for bookmarks gets one. Milliseconds. */
const bookmarkPeriod = 60_000;

/** How soon another one follows the bookmark that ends the initial events. Milliseconds. */
const firstBookmark = 1_000;

/**
 * A stream of changes: from just after `resourceVersion`, or, without one, with everything there is as ADDED first. With sendInitialEvents the
 * end of that beginning is marked by a bookmark. Once the request is understood, refusals are events of the stream, as upstream has it.
 */
export const watch = async (request: Request, name?: string): Promise<OperationResult> => {
  const options = request.operation.options ?? {};
  validateListOptions(options, true);
  const selection = selectionOf(request, name);
  const asked = parseResourceVersion(options.resourceVersion);
  const stream = new PushStream();
  try {
    if ((options.resourceVersion ?? "") === "") await waitUntilFresh(request, await request.machinery.storage.currentRevision());
    else if (options.sendInitialEvents) await waitUntilFresh(request, asked);
    begin(request, selection, asked, stream);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    stream.end(errorEvent(error));
  }
  return { kind: "watch", stream };
};

/** Shows what is there, or what was missed, and goes on with what comes; nothing can happen in between. */
const begin = (request: Request, selection: Selection, asked: number, stream: PushStream): void => {
  const { entry, machinery, operation } = request;
  const { sendInitialEvents, allowWatchBookmarks, timeoutSeconds = 0 } = operation.options ?? {};
  const cache = machinery.cache.of(request.stored);
  const show = (change: Change): void => {
    const event = eventOf(request, selection, change);
    if (event) stream.push(event);
  };
  if (sendInitialEvents ?? asked === 0) {
    for (const revision of newestOf(request, selection)) stream.push({ type: "ADDED", stored: revision.as(entry) });
    if (sendInitialEvents && allowWatchBookmarks) stream.push(bookmark(entry, machinery.cache.revision, true));
  } else if (asked > 0) {
    const missed = cache.since(asked);
    if (!missed) throw expired(`too old resource version: ${String(asked)} (${String(cache.oldest)})`);
    missed.forEach(show);
  }
  const unsubscribe = cache.subscribe(selection.interest(request.namespace === "" ? undefined : request.namespace), {
    change: (change) => {
      if (change.revision > asked) show(change);
    },
    ended: () => stream.end(errorEvent(expired("The resourceVersion for the provided watch is too old."))),
  });
  const timers = new Set<Timer>();
  if (timeoutSeconds > 0) timers.add(machinery.clock.after(timeoutSeconds * 1000, () => stream.end()));
  if (allowWatchBookmarks) remind(request, stream, timers, sendInitialEvents ? firstBookmark : bookmarkPeriod);
  const abort = (): void => stream.stop();
  operation.signal?.addEventListener("abort", abort, { once: true });
  stream.onEnd(() => {
    unsubscribe();
    for (const timer of timers) timer.cancel();
    operation.signal?.removeEventListener("abort", abort);
  });
  if (operation.signal?.aborted) stream.stop();
};

const remind = (request: Request, stream: PushStream, timers: Set<Timer>, period: number): void => {
  const { clock, cache } = request.machinery;
  const timer = clock.after(period, () => {
    timers.delete(timer);
    stream.push(bookmark(request.entry, cache.revision));
    remind(request, stream, timers, bookmarkPeriod);
  });
  timers.add(timer);
};

/** What a change is to somebody who sees only what is selected: objects come into sight, change, and go out of it. */
const eventOf = ({ entry, namespace }: Request, selection: Selection, change: Change): WatchEvent | undefined => {
  const { current, previous } = change;
  const sees = (revision: typeof current): boolean =>
    revision !== undefined &&
    (namespace === "" || revision.namespace === namespace) &&
    (selection.isEverything || selection.matches(revision.object));
  const [did, does] = [sees(previous), sees(current)];
  if (does) return { type: did ? "MODIFIED" : "ADDED", stored: current!.as(entry) };
  return did ? { type: "DELETED", stored: change.gone.as(entry) } : undefined;
};

const errorEvent = (error: StatusError): WatchEvent => ({ type: "ERROR", status: error.status as unknown as AnyObject });
