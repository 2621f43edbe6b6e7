import { describe, expect, test } from "vitest";
import { Bench, pod } from "../bench.ts";
import { decodeContinue, encodeContinue } from "./continue-token.ts";

const some = async (names: readonly string[]): Promise<Bench> => {
  const bench = await Bench.start();
  for (const name of names) await bench.create("configmaps", { metadata: { name, labels: { odd: String(name < "c") } } });
  return bench;
};

describe("listing", () => {
  test("objects come in the order of their names, however they were made", async () => {
    await using bench = await some(["c", "a", "b"]);
    expect((await bench.list("configmaps")).names).toEqual(["a", "b", "c"]);
  });

  test("pages keep the snapshot they began with", async () => {
    await using bench = await some(["a", "b", "c", "d", "e"]);
    const first = await bench.list("configmaps", { limit: 2 });
    expect(first).toMatchObject({ names: ["a", "b"], remainingItemCount: 3 });
    await bench.create("configmaps", { metadata: { name: "bb" } });
    await bench.object({ verb: "delete", resource: "configmaps", name: "d" });
    const second = await bench.list("configmaps", { limit: 10, continue: first.continue! });
    expect(second).toMatchObject({ names: ["c", "d", "e"], resourceVersion: first.resourceVersion });
    expect(second.continue).toBeUndefined();
  });

  test("with a selector nobody counts what is left", async () => {
    await using bench = await some(["a", "b", "c"]);
    const page = await bench.list("configmaps", { limit: 1, labelSelector: "odd=true" });
    expect(page).toMatchObject({ names: ["a"] });
    expect(page.continue).toBeDefined();
    expect(page.remainingItemCount).toBeUndefined();
  });

  test("a page that is asked for too late is refused, with a token for who will do without consistency", async () => {
    await using bench = await some(["a", "b", "c"]);
    const { continue: token } = await bench.list("configmaps", { limit: 1 });
    await bench.create("configmaps", { metadata: { name: "d" } });
    await bench.clock.advance(120_000);
    const refusal = await bench.refusal({ verb: "list", resource: "configmaps", options: { limit: 1, continue: token! } });
    expect(refusal.status).toMatchObject({ code: 410, reason: "Expired" });
    const { names } = await bench.list("configmaps", { continue: String(refusal.status.metadata.continue) });
    expect(names).toEqual(["b", "c", "d"]);
  });

  test.each([
    [{ resourceVersion: "x" }, 500, 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
    [{ resourceVersion: "999999", resourceVersionMatch: "Exact" }, 500, "etcdserver: mvcc: required revision is a future revision"],
    [{ resourceVersionMatch: "Exact" }, 422, /resourceVersionMatch is forbidden unless resourceVersion is provided/],
    [{ labelSelector: "a b" }, 400, "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    [{ fieldSelector: "data.k=v" }, 400, '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ] as const)("%j is refused", async (options, code, message) => {
    await using bench = await Bench.start();
    const refusal = await bench.refusal({ verb: "list", resource: "configmaps", options });
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
  });

  test("pods are found by their node", async () => {
    await using bench = await Bench.start();
    await bench.create("pods", pod("p", { nodeName: "ann" }));
    await bench.create("pods", pod("q", { nodeName: "bob" }));
    expect((await bench.list("pods", { fieldSelector: "spec.nodeName=bob" })).names).toEqual(["q"]);
  });

  test("the opaque token says where to go on, and nothing else is taken for one", () => {
    expect(decodeContinue(encodeContinue({ revision: 7, start: "b\0" }))).toEqual({ revision: 7, start: "b\0" });
    expect(() => decodeContinue("no token")).toThrow(/continue key is not valid/);
  });
});

describe("watching", () => {
  test("without a version everything that is there comes first", async () => {
    await using bench = await some(["a", "b"]);
    const watch = await bench.watch("configmaps");
    await bench.create("configmaps", { metadata: { name: "c" } });
    expect(watch.words).toEqual(["ADDED a", "ADDED b", "ADDED c"]);
  });

  test("from a version on nothing is missed and nothing comes twice", async () => {
    await using bench = await some(["a"]);
    const { resourceVersion } = await bench.list("configmaps");
    await bench.object({ verb: "patch", resource: "configmaps", name: "a", patch: { type: "merge", body: { data: { k: "v" } } } });
    const watch = await bench.watch("configmaps", { resourceVersion: resourceVersion! });
    await bench.object({ verb: "delete", resource: "configmaps", name: "a" });
    expect(watch.words).toEqual(["MODIFIED a", "DELETED a"]);
  });

  test("who watches a selection sees objects come into it and go out of it", async () => {
    await using bench = await some(["z"]);
    const watch = await bench.watch("configmaps", { labelSelector: "odd=true" });
    const label = (odd: string) =>
      bench.object({ verb: "patch", resource: "configmaps", name: "z", patch: { type: "merge", body: { metadata: { labels: { odd } } } } });
    await label("true");
    const last = await label("false");
    expect(watch.words).toEqual(["ADDED z", "DELETED z"]);
    const gone = watch.seen[1]!;
    expect(gone.type !== "ERROR" && gone.stored.object.metadata).toMatchObject({
      labels: { odd: "true" },
      resourceVersion: last.metadata.resourceVersion,
    });
  });

  test("one event's bytes are made once for everybody", async () => {
    await using bench = await Bench.start();
    const [one, other] = [await bench.watch("configmaps"), await bench.watch("configmaps", { labelSelector: "a=b" })];
    await bench.create("configmaps", { metadata: { name: "a", labels: { a: "b" } } });
    const [first, second] = [one.seen[0]!, other.seen[0]!];
    expect(first.type !== "ERROR" && second.type !== "ERROR" && first.stored.bytes === second.stored.bytes).toBe(true);
  });

  test("a streamed list ends with a bookmark that says so", async () => {
    await using bench = await some(["a"]);
    const options = { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: true } as const;
    const watch = await bench.watch("configmaps", options);
    expect(watch.words).toEqual(["ADDED a", "BOOKMARK"]);
    const bookmark = watch.seen[1]!;
    expect(bookmark.type !== "ERROR" && bookmark.stored.object.metadata.annotations).toMatchObject({ "k8s.io/initial-events-end": "true" });
  });

  test("bookmarks come about every minute, and time runs out", async () => {
    await using bench = await Bench.start();
    const { resourceVersion } = await bench.list("configmaps");
    const watch = await bench.watch("configmaps", { resourceVersion: resourceVersion!, allowWatchBookmarks: true, timeoutSeconds: 150 });
    await bench.clock.advance(140_000);
    expect(watch.words).toEqual(["BOOKMARK", "BOOKMARK"]);
    await bench.clock.advance(20_000);
    expect(watch.ended).toBe(true);
  });

  test("a version that nobody remembers ends the watch with Expired", async () => {
    await using bench = await Bench.start();
    for (let at = 0; at < 10_010; at++) await bench.create("configmaps", { metadata: { name: `x${String(at)}` } });
    const watch = await bench.watch("configmaps", { resourceVersion: "5" });
    expect(watch.seen[0]).toMatchObject({ type: "ERROR", status: { code: 410, reason: "Expired" } });
    expect(watch.ended).toBe(true);
  });

  test("a namespace's watch hears of that namespace alone", async () => {
    await using bench = await Bench.start();
    await bench.create("namespaces", { metadata: { name: "other" } });
    const watch = await bench.watch("configmaps");
    await bench.create("configmaps", { metadata: { name: "a" } }, { namespace: "other" });
    expect(watch.words).toEqual([]);
  });
});
