import { badRequest, expired } from "../../apimachinery/errors/constructors.ts";
import { failure, StatusError } from "../../apimachinery/errors/status.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { CompactedError, FutureRevisionError, type RangeResult } from "../../storage/storage.ts";
import type { Interest, ResourceCache } from "../cache/resource-cache.ts";
import { Revision } from "../cache/revision.ts";
import { inVersionOf } from "../registry/conversion.ts";
import { apiVersionOfEntry } from "../registry/entry.ts";
import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { waitUntilFresh } from "./freshness.ts";
import { validateListOptions } from "./list-options.ts";
import { parseResourceVersion } from "./resource-version.ts";
import type { Request } from "./request.ts";
import { selectionOf, type Selection } from "./selection.ts";

/** What a list found, before it is dressed for the answer. */
export interface Found {
  /** The revision at which this is what there was. */
  readonly revision: number;
  readonly items: readonly Revision[];
  /** The key (after the prefix) at which the next page begins. */
  readonly next?: string;
  /** How many are left after the last one; not known with a selector. */
  readonly remaining?: number;
}

/** GET of a collection. */
export const list = async (request: Request): Promise<OperationResult> => listOf(request, await find(request, selectionOf(request)));

/** What was found, as the answer. */
export const listOf = ({ entry }: Request, { revision, items, next, remaining = 0 }: Found): OperationResult => ({
  kind: "list",
  list: {
    kind: `${entry.kind}List`,
    apiVersion: apiVersionOfEntry(entry),
    metadata: {
      resourceVersion: String(revision),
      ...(next !== undefined && { continue: encodeContinue({ revision, start: next }) }),
      ...(remaining > 0 && { remainingItemCount: remaining }),
    },
  },
  items: items.map((item) => item.as(entry)),
});

/** The objects a list asks for, in the order of their keys, as of the revision its options ask for. */
export const find = async (request: Request, selection: Selection): Promise<Found> => {
  const found = await findStored(request, selection);
  return request.entry.conversion ? { ...found, items: await inVersionOf(request.entry, found.items) } : found;
};

const findStored = async (request: Request, selection: Selection): Promise<Found> => {
  const options = request.operation.options ?? {};
  validateListOptions(options, false);
  const { limit = 0, resourceVersion = "", resourceVersionMatch } = options;
  const token = options.continue ?? "";
  if (token !== "") {
    if (resourceVersion !== "" && resourceVersion !== "0")
      throw badRequest("specifying resource version is not allowed when using continue");
    return nextPage(request, selection, token, limit);
  }
  const asked = parseResourceVersion(resourceVersion);
  if (resourceVersionMatch === "Exact") return fromStorage(request, selection, { revision: asked, from: "", limit });
  if (resourceVersion === "") {
    const newest = await request.machinery.storage.currentRevision();
    await waitUntilFresh(request, newest);
    return fromCache(request, selection, limit);
  }
  await waitUntilFresh(request, asked);
  return fromCache(request, selection, asked === 0 ? 0 : limit);
};

const prefixOf = (request: Request): string => request.stored.prefix + (request.namespace === "" ? "" : `${request.namespace}/`);

/** What the cache holds now of what is selected, in the order of keys. */
export const newestOf = (request: Request, selection: Selection): readonly Revision[] => {
  const cache = request.machinery.cache.of(request.stored);
  const namespace = request.namespace === "" ? undefined : request.namespace;
  const interest = selection.interest(namespace);
  if (selection.isEverything) return cache.list(interest.namespace);
  return candidatesOf(cache, interest).filter(
    (candidate) => selection.matches(candidate.object) && (namespace === undefined || candidate.namespace === namespace),
  );
};

const candidatesOf = (cache: ResourceCache, { namespace, name, nodeName }: Interest): readonly Revision[] => {
  if (name !== undefined) return [cache.get(namespace ?? "", name)].filter((one) => one !== undefined);
  return (nodeName === undefined ? undefined : cache.onNode(nodeName, namespace)) ?? cache.list(namespace);
};

const fromCache = (request: Request, selection: Selection, limit: number): Found =>
  page(request, request.machinery.cache.revision, newestOf(request, selection), limit, selection.isEverything);

/** The first `limit` of what is there; where more is left, the next page begins at the key after the last one. */
const page = (request: Request, revision: number, all: readonly Revision[], limit: number, countsRest: boolean): Found => {
  if (limit <= 0 || all.length <= limit) return { revision, items: all };
  const items = all.slice(0, limit);
  return { revision, items, next: after(request, items.at(-1)!), ...(countsRest && { remaining: all.length - limit }) };
};

const after = (request: Request, last: Revision): string => `${last.key.slice(prefixOf(request).length)}\0`;

const nextPage = async (request: Request, selection: Selection, text: string, limit: number): Promise<Found> => {
  const token = decodeContinue(text);
  if (token.revision < 0) {
    const newest = await request.machinery.storage.currentRevision();
    return fromStorage(request, selection, { revision: newest, from: token.start, limit });
  }
  return fromStorage(request, selection, { revision: token.revision, from: token.start, limit, continued: true });
};

interface Reading {
  readonly revision: number;
  /** Where to begin, after the prefix. */
  readonly from: string;
  readonly limit: number;
  readonly continued?: boolean;
}

/** Reads an older revision from the store, which keeps them for a while. */
const fromStorage = async (request: Request, selection: Selection, { revision, from, limit, continued }: Reading): Promise<Found> => {
  const prefix = prefixOf(request);
  const range = await readRange(
    request,
    { prefix, from: prefix + from, revision, ...(selection.isEverything && limit > 0 && { limit }) },
    continued === true,
    from,
  );
  const cache = request.machinery.cache.of(request.stored);
  const revisions = range.items.map(({ key, modRevision, value }) => {
    const fresh = new Revision(request.stored, key, modRevision, value);
    const cached = cache.get(fresh.namespace, fresh.name);
    return cached?.revision === modRevision ? cached : fresh;
  });
  if (!selection.isEverything)
    return page(
      request,
      revision,
      revisions.filter(({ object }) => selection.matches(object)),
      limit,
      false,
    );
  if (range.remaining === 0) return { revision, items: revisions };
  return { revision, items: revisions, next: after(request, revisions.at(-1)!), remaining: range.remaining };
};

interface Range {
  readonly prefix: string;
  readonly from: string;
  readonly revision: number;
  readonly limit?: number;
}

const readRange = async (request: Request, { prefix, ...options }: Range, continued: boolean, start: string): Promise<RangeResult> => {
  const { storage, cache } = request.machinery;
  try {
    if (options.revision < cache.readableSince) throw new CompactedError(options.revision, cache.readableSince);
    return await storage.range(prefix, options);
  } catch (error) {
    if (error instanceof FutureRevisionError) throw failure(500, "", "etcdserver: mvcc: required revision is a future revision");
    if (!(error instanceof CompactedError)) throw error;
    if (!continued) throw expired("The resourceVersion for the provided list is too old.");
    const { status } = expired(inconsistentContinue);
    throw new StatusError({ ...status, metadata: { continue: encodeContinue({ revision: -1, start }) } });
  }
};

const inconsistentContinue =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";
