import { expired } from "../../apimachinery/errors/constructors.ts";
import { StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { OperationResult, WatchEvent } from "../../apimachinery/operation/operation.ts";
import type { Timer } from "../../base/clock/clock.ts";
import type { Change } from "../cache/history.ts";
import type { Revision } from "../cache/revision.ts";
import { inVersionOf } from "../registry/conversion.ts";
import type { ResourceEntry } from "../registry/entry.ts";
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
  const out = entry.conversion ? converting(request, stream) : direct(entry, stream);
  const show = (change: Change): void => {
    const seen = seenOf(request, selection, change);
    if (seen) out.show([seen]);
  };
  if (sendInitialEvents ?? asked === 0) {
    out.show(newestOf(request, selection).map((revision) => ({ type: "ADDED", revision })));
    if (sendInitialEvents && allowWatchBookmarks) out.push(bookmark(entry, machinery.cache.revision, true));
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
  if (allowWatchBookmarks) remind(request, out, timers, sendInitialEvents ? firstBookmark : bookmarkPeriod);
  const abort = (): void => stream.stop();
  operation.signal?.addEventListener("abort", abort, { once: true });
  stream.onEnd(() => {
    unsubscribe();
    for (const timer of timers) timer.cancel();
    operation.signal?.removeEventListener("abort", abort);
  });
  if (operation.signal?.aborted) stream.stop();
};

/** What a watcher sees of a change. */
interface Seen {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: Revision;
}

/** The way of events to the stream, in their order. */
interface Way {
  readonly show: (seen: readonly Seen[]) => void;
  readonly push: (event: WatchEvent) => void;
}

const direct = (entry: ResourceEntry, stream: PushStream): Way => ({
  show: (seen) => {
    for (const { type, revision } of seen) stream.push({ type, stored: revision.as(entry) });
  },
  push: (event) => stream.push(event),
});

/** Events wait for their objects to be converted, and for the events before them. A webhook that fails ends the watch. */
const converting = ({ entry, machinery }: Request, stream: PushStream): Way => {
  const way = direct(entry, stream);
  let turn = Promise.resolve();
  const next = (run: () => Promise<void> | void): void => {
    turn = machinery.clock.busy(turn.then(run)).catch((error: unknown) => {
      stream.end(error instanceof StatusError ? errorEvent(error) : undefined);
    });
  };
  return {
    show: (seen) => {
      next(async () => {
        const revisions = await inVersionOf(
          entry,
          seen.map(({ revision }) => revision),
        );
        way.show(seen.map(({ type }, at) => ({ type, revision: revisions[at]! })));
      });
    },
    push: (event) => {
      next(() => {
        stream.push(event);
      });
    },
  };
};

const remind = (request: Request, way: Way, timers: Set<Timer>, period: number): void => {
  const { clock, cache } = request.machinery;
  const timer = clock.after(period, () => {
    timers.delete(timer);
    way.push(bookmark(request.entry, cache.revision));
    remind(request, way, timers, bookmarkPeriod);
  });
  timers.add(timer);
};

/** What a change is to somebody who sees only what is selected: objects come into sight, change, and go out of it. */
const seenOf = ({ namespace }: Request, selection: Selection, change: Change): Seen | undefined => {
  const { current, previous } = change;
  const sees = (revision: typeof current): boolean =>
    revision !== undefined &&
    (namespace === "" || revision.namespace === namespace) &&
    (selection.isEverything || selection.matches(revision.object));
  const [did, does] = [sees(previous), sees(current)];
  if (does) return { type: did ? "MODIFIED" : "ADDED", revision: current! };
  return did ? { type: "DELETED", revision: change.gone } : undefined;
};

const errorEvent = (error: StatusError): WatchEvent => ({ type: "ERROR", status: error.status as unknown as AnyObject });
