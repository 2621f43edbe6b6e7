import { afterEach, beforeEach, expect, test } from "vitest";
import { loadPack } from "../../../api/pack/load-pack.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import { silentLog } from "../../../base/log/log.ts";
import { SeededRandom } from "../../../base/random/random.ts";
import { Bench } from "../../bench.ts";
import { Definitions } from "../definitions.ts";

/** What the webhook is sent. */
interface Review {
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly AnyObject[] };
}

type Answer = (review: Review["request"]) => object;

const ok = (uid: string, convertedObjects: readonly object[]): object => ({ uid, result: { status: "Success" }, convertedObjects });

/** v1 has `place: shelf/3`, v2 has `shelf` and `slot`. */
const convert = (object: AnyObject, apiVersion: string): AnyObject => {
  const { place, shelf, slot, ...rest } = object as AnyObject & {
    readonly place?: string;
    readonly shelf?: string;
    readonly slot?: string;
  };
  if (apiVersion === "shop.example/v1") return { ...rest, apiVersion, place: `${shelf ?? ""}/${slot ?? ""}` };
  const [left, right] = (place ?? "").split("/");
  return { ...rest, apiVersion, shelf: left, slot: right };
};

const honest: Answer = ({ uid, desiredAPIVersion, objects }) =>
  ok(
    uid,
    objects.map((object) => convert(object, desiredAPIVersion)),
  );

const version = (name: string, storage: boolean, fields: readonly string[]) => ({
  name,
  storage,
  served: true,
  schema: { openAPIV3Schema: { type: "object", properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])) } },
});

const definition = (stored: "v1" | "v2") => ({
  metadata: { name: "boxes.shop.example" },
  spec: {
    group: "shop.example",
    scope: "Namespaced",
    names: { plural: "boxes", kind: "Box" },
    versions: [version("v1", stored === "v1", ["place"]), version("v2", stored === "v2", ["shelf", "slot"])],
    conversion: {
      strategy: "Webhook",
      webhook: { clientConfig: { url: "https://hooks.shop.example/convert" }, conversionReviewVersions: ["v1"] },
    },
  },
});

const definitionsIn = { group: "apiextensions.k8s.io", version: "v1", namespace: "" };
const boxes = (of: "v1" | "v2") => ({ group: "shop.example", version: of });
const box = (name: string, place: string) => ({ apiVersion: "shop.example/v1", kind: "Box", metadata: { name }, place });

let bench: Bench;
let definitions: Definitions;
let answer: Answer;
let reviews: Review["request"][];

beforeEach(async () => {
  bench = await Bench.start();
  answer = honest;
  reviews = [];
  const random = new SeededRandom(3);
  definitions = new Definitions({
    perform: bench.server.perform,
    registry: bench.server.registry,
    reader: bench.server.reader,
    clock: bench.clock,
    log: silentLog,
    metadata: loadPack("1.32").schemaNamed("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")!,
    checkRules: () => [],
    conversionCalls: {
      post: (_config, review) => {
        const { request } = review as Review;
        reviews.push(request);
        return Promise.resolve(
          JSON.stringify({ kind: "ConversionReview", apiVersion: "apiextensions.k8s.io/v1", response: answer(request) }),
        );
      },
      clock: bench.clock,
      random,
    },
  });
  await bench.create("customresourcedefinitions", definition("v1"), definitionsIn);
  await definitions.start();
});

afterEach(async () => {
  await definitions.stop();
  await bench[Symbol.asyncDispose]();
});

test("an object is read in every version, and converted once for all who read it", async () => {
  await bench.create("boxes", box("a", "left/3"), boxes("v1"));
  expect(reviews).toEqual([]);
  for (let time = 0; time < 2; time++)
    expect(await bench.get("boxes", "a", boxes("v2"))).toMatchObject({ apiVersion: "shop.example/v2", shelf: "left", slot: "3" });
  expect(reviews).toHaveLength(1);
});

test("a list is converted in one review", async () => {
  await bench.create("boxes", box("a", "left/3"), boxes("v1"));
  await bench.create("boxes", box("b", "right/4"), boxes("v1"));
  const listed = await bench.list("boxes", {}, boxes("v2"));
  expect([listed.names, reviews.map(({ objects }) => objects.length)]).toEqual([["a", "b"], [2]]);
});

test("a write in another version is stored in the stored one", async () => {
  await bench.create("boxes", { apiVersion: "shop.example/v2", kind: "Box", metadata: { name: "a" }, shelf: "up", slot: "1" }, boxes("v2"));
  expect(await bench.get("boxes", "a", boxes("v1"))).toMatchObject({ apiVersion: "shop.example/v1", place: "up/1" });
  await bench.object({
    verb: "patch",
    resource: "boxes",
    name: "a",
    ...boxes("v2"),
    patch: { type: "merge", body: { slot: "2" } },
  });
  expect(await bench.get("boxes", "a", boxes("v1"))).toMatchObject({ place: "up/2" });
});

test("watchers see every change in their version, in its order", async () => {
  const watch = await bench.watch("boxes", {}, boxes("v2"));
  await bench.create("boxes", box("a", "left/3"), boxes("v1"));
  await bench.object({ verb: "delete", resource: "boxes", name: "a", ...boxes("v1") });
  await bench.create("boxes", box("b", "left/4"), boxes("v1"));
  await expect.poll(() => watch.words).toEqual(["ADDED a", "DELETED a", "ADDED b"]);
  watch.stop();
});

test("an object that is written unchanged moves to the version that is stored now", async () => {
  await bench.create("boxes", box("a", "left/3"), boxes("v1"));
  const { metadata } = await bench.get("customresourcedefinitions", "boxes.shop.example", definitionsIn);
  const next = definition("v2");
  const object = { ...next, metadata: { ...next.metadata, resourceVersion: metadata.resourceVersion } } as unknown as AnyObject;
  await bench.object({ verb: "update", resource: "customresourcedefinitions", name: "boxes.shop.example", object, ...definitionsIn });
  await expect.poll(() => bench.server.registry.find("shop.example", "v2", "boxes")?.conversion?.storedVersion).toBe("shop.example/v2");
  const before = await bench.get("boxes", "a", boxes("v2"));
  const after = await bench.object({ verb: "update", resource: "boxes", name: "a", object: before, ...boxes("v2") });
  expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
  reviews = [];
  await bench.get("boxes", "a", boxes("v2"));
  expect(reviews).toEqual([]);
});

test("a webhook may change labels and annotations, nothing else of the metadata", async () => {
  answer = ({ uid, desiredAPIVersion, objects }) =>
    ok(
      uid,
      objects.map((object) => ({
        ...convert(object, desiredAPIVersion),
        metadata: { ...object.metadata, labels: { size: "big" }, finalizers: ["shop.example/mine"] },
      })),
    );
  await bench.create("boxes", box("a", "left/3"), boxes("v1"));
  const { metadata } = await bench.get("boxes", "a", boxes("v2"));
  expect([metadata.labels, metadata.finalizers]).toEqual([{ size: "big" }, undefined]);
});

test.each<[string, Answer, string]>([
  ["refuses", ({ uid }) => ({ uid, result: { status: "Failed", message: "no such shelf" } }), "failed: no such shelf"],
  [
    "fails without a word",
    ({ uid }) => ({ uid, result: { status: "Failed" } }),
    "failed: response.result.status was 'Failed', not 'Success'",
  ],
  ["answers another review", () => ok("x", []), "failed: expected response.uid="],
  ["forgets objects", ({ uid }) => ok(uid, []), "returned 0 objects, expected 1"],
  [
    "leaves the version as it was",
    ({ uid, objects }) => ok(uid, objects),
    "returned invalid object at index 0: invalid groupVersion (expected shop.example/v2, received shop.example/v1)",
  ],
  [
    "renames",
    ({ uid, objects }) => ok(uid, [{ ...convert(objects[0]!, "shop.example/v2"), metadata: { ...objects[0]!.metadata, name: "b" } }]),
    "returned invalid object: must have the same name: a != b",
  ],
  [
    "makes labels that are none",
    ({ uid, objects }) =>
      ok(uid, [{ ...convert(objects[0]!, "shop.example/v2"), metadata: { ...objects[0]!.metadata, labels: { size: "-" } } }]),
    "returned invalid metadata: metadata.labels: Invalid value:",
  ],
])("a webhook that %s is not believed", async (_, wrong, words) => {
  await bench.create("boxes", box("a", "left/3"), boxes("v1"));
  answer = wrong;
  const refusal = await bench.refusal({ verb: "get", resource: "boxes", name: "a", ...boxes("v2") });
  expect([refusal.code, refusal.message]).toEqual([
    500,
    expect.stringContaining(`conversion webhook for shop.example/v1, Kind=Box ${words}`),
  ]);
});
