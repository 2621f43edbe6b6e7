import { expect, test } from "vitest";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { silentLog } from "../../base/log/log.ts";
import { MemoryStorage } from "../../storage/memory/memory-storage.ts";
import { CompactedError, type Storage, type StorageWatcher } from "../../storage/storage.ts";
import type { StoredKind } from "../registry/entry.ts";
import { Change, History } from "./history.ts";
import { encodeForStorage, Revision } from "./revision.ts";
import { WatchCache } from "./watch-cache.ts";

const kind: StoredKind = {
  group: "",
  resource: "pods",
  kind: "Pod",
  version: "v1",
  namespaced: true,
  prefix: "/registry/pods/",
  strategy: { group: "", resource: "pods" },
};

const pod = (name: string, nodeName: string) =>
  encodeForStorage({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop", uid: "0".repeat(36) }, spec: { nodeName } });

/** A store whose watch can be made to lose the thread. */
const started = async () => {
  const clock = new ClusterClock({ start: 0, speed: 0 });
  const memory = new MemoryStorage({ clock });
  let watcher: StorageWatcher | undefined;
  const storage: Storage = new Proxy(memory, {
    get: (target, key) => {
      if (key === "watch")
        return (prefix: string, revision: number, given: StorageWatcher) => {
          watcher = given;
          return target.watch(prefix, revision, given);
        };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const cache = new WatchCache({ storage, log: silentLog });
  await cache.add(kind);
  await cache.start();
  return { cache, memory, lose: () => watcher?.ended(new CompactedError(1, 2)) };
};

test("what is stored is found by name, by node and in the order of its keys", async () => {
  const { cache, memory } = await started();
  for (const [name, node] of [
    ["b", "ann"],
    ["a", "bob"],
    ["c", "bob"],
  ] as const)
    await memory.put(`/registry/pods/shop/${name}`, pod(name, node), { expected: 0 });
  const pods = cache.of(kind);
  expect(pods.list("shop").map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(cache.podsOn("bob").map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
  expect(cache.get("", "pods", "shop", "b")?.metadata.resourceVersion).toBe("2");
});

test("a pod that goes to another node leaves the first one's list", async () => {
  const { cache, memory } = await started();
  await memory.put("/registry/pods/shop/a", pod("a", "ann"), { expected: 0 });
  await memory.put("/registry/pods/shop/a", pod("a", "bob"), { expected: 2 });
  expect(cache.podsOn("ann")).toEqual([]);
  expect(cache.podsOn("bob")).toHaveLength(1);
});

test("when the store loses the thread subscribers hear of it, and everything is read again", async () => {
  const { cache, memory, lose } = await started();
  await memory.put("/registry/pods/shop/a", pod("a", "ann"), { expected: 0 });
  let ended = 0;
  cache.of(kind).subscribe({}, { change: () => undefined, ended: () => ended++ });
  lose();
  expect(ended).toBe(1);
  expect(cache.get("", "pods", "shop", "a")).toBeUndefined();
  await cache.reached(2);
  expect(cache.get("", "pods", "shop", "a")?.metadata.name).toBe("a");
  expect(cache.of(kind).since(1)).toBeUndefined();
});

test("served bytes carry the version in its place", () => {
  const revision = new Revision(kind, "/registry/pods/shop/a", 7, pod("a", "ann"));
  expect(JSON.parse(Buffer.from(revision.bytes).toString())).toEqual(revision.object);
  expect(Object.keys(revision.object.metadata)).toContain("resourceVersion");
  const item = `{${Buffer.from(revision.bytes.subarray(revision.bare)).toString()}`;
  expect(JSON.parse(item)).not.toHaveProperty("kind");
});

test("a full history forgets the oldest change first", () => {
  const history = new History(1, 3);
  for (const revision of [2, 3, 5, 8]) history.add(new Change(revision, undefined, undefined));
  expect(history.after(2)?.map(({ revision }) => revision)).toEqual([3, 5, 8]);
  expect(history.after(5)?.map(({ revision }) => revision)).toEqual([8]);
  expect(history.after(1)).toBeUndefined();
});
