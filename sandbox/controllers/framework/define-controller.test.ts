import { expect, test } from "vitest";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { keyOf } from "../../apimachinery/meta/types.ts";
import { configMaps, secrets } from "../../api/resources.ts";
import type { ConfigMap, Secret } from "../../api/types.ts";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { silentLog } from "../../base/log/log.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { untraced } from "../../base/trace/step.ts";
import type { Client } from "../../client/client.ts";
import { Informers } from "../../client/informers/informers.ts";
import { isEnabled } from "../controller-manager.ts";
import { defaultControllerOptions } from "../options.ts";
import type { Controller } from "./controller.ts";
import { defineController } from "./define-controller.ts";
import { owned } from "./watches.ts";

type Receiver = { event: (event: unknown) => void; ended: () => void };

/** A store with watches, whose events may be held back. */
class World {
  readonly clock = new ClusterClock({ start: 0, speed: 0 });
  readonly objects = new Map<string, KubeObject>();
  readonly receivers = new Map<string, Receiver>();
  readonly causes: unknown[] = [];
  revision = 1;
  held: (() => void)[] | undefined;

  client(cause: unknown = {}): Client {
    return {
      list: (type: ResourceType) =>
        Promise.resolve({
          metadata: { resourceVersion: String(this.revision) },
          items: [...this.objects].flatMap(([key, object]) => (key.startsWith(type.resource) ? [object] : [])),
        }),
      watch: (type: ResourceType, _options: unknown, receiver: Receiver) => {
        this.receivers.set(type.resource, receiver);
        return { stop: () => receiver.ended() };
      },
      create: (type: ResourceType, object: KubeObject) => {
        this.causes.push(cause);
        return Promise.resolve(this.put(type, object));
      },
      because: (more: object) => this.client({ ...(cause as object), ...more }),
    } as unknown as Client;
  }

  put(type: ResourceType, object: KubeObject): KubeObject {
    const stored = { ...object, metadata: { uid: object.metadata.name, ...object.metadata, resourceVersion: String(++this.revision) } };
    const name = `${type.resource}/${keyOf(stored)}`;
    const isNew = !this.objects.has(name);
    this.objects.set(name, stored);
    const tell = (): void => this.receivers.get(type.resource)?.event({ type: isNew ? "ADDED" : "MODIFIED", object: stored });
    if (this.held) this.held.push(tell);
    else tell();
    return stored;
  }

  async run(controller: Controller) {
    const informers = new Informers(this.client(), this.clock);
    const running = controller.start({
      clientFor: () => this.client(),
      informers,
      discovery: { preferred: () => Promise.resolve([]) },
      clock: this.clock,
      random: new SeededRandom(1),
      step: untraced,
      log: silentLog,
      options: defaultControllerOptions,
    });
    informers.start();
    await informers.synced();
    running.run();
    await this.clock.settle();
    return running;
  }
}

const settings: ConfigMap = { metadata: { name: "settings", namespace: "shop" } };

test("a key is not worked on again before the cache has seen what its last work wrote", async () => {
  const world = new World();
  const seen: number[] = [];
  await world.run(
    defineController<ConfigMap>({
      name: "keeper",
      reconciles: configMaps,
      watches: [owned<Secret>(secrets)],
      async reconcile(key, { cache, client }) {
        const owner = cache.get(configMaps, key)!;
        const own = cache.controlledBy(secrets, owner);
        seen.push(own.length);
        if (own.length > 0) return;
        world.held = [];
        const controller = { apiVersion: "v1", kind: "ConfigMap", name: "settings", uid: "settings", controller: true };
        await client.create(secrets, { metadata: { name: "key", namespace: "shop", ownerReferences: [controller] } });
        world.receivers.get("configmaps")!.event({ type: "MODIFIED", object: owner });
      },
    }),
  );
  world.put(configMaps, settings);
  await world.clock.settle();
  expect(seen).toEqual([0]);
  for (const tell of world.held!) tell();
  world.held = undefined;
  await world.clock.settle();
  await world.clock.settle();
  expect(seen).toEqual([0, 1]);
  expect(world.causes).toEqual([{ item: "configmaps shop/settings", revisions: [2] }]);
});

test("a key that failed comes again, after longer and longer", async () => {
  const world = new World();
  const times: number[] = [];
  await world.run(
    defineController<ConfigMap>({
      name: "failing",
      reconciles: configMaps,
      reconcile(_key, { clock }) {
        times.push(clock.now());
        if (times.length < 4) throw new Error("not yet");
      },
    }),
  );
  world.put(configMaps, settings);
  await world.clock.advance(1000);
  expect(times).toEqual([0, 5, 15, 35]);
});

test("what changes in one turn is one item of work", async () => {
  const world = new World();
  let count = 0;
  const running = await world.run(
    defineController<ConfigMap>({
      name: "counting",
      reconciles: configMaps,
      reconcile: () => {
        count++;
      },
    }),
  );
  for (let at = 0; at < 5; at++) world.put(configMaps, settings);
  await world.clock.settle();
  expect(count).toBe(1);
  await running.stop();
  world.put(configMaps, settings);
  await world.clock.settle();
  expect(count).toBe(1);
});

test.each([
  [["*"], true, false],
  [["*", "-job"], false, false],
  [["*", "tokencleaner"], true, true],
  [["job-controller"], true, false],
  [[], false, false],
])("--controllers=%j is read as upstream reads it", (asked, job, tokenCleaner) => {
  expect(isEnabled({ name: "job-controller", alias: "job" }, asked)).toBe(job);
  expect(isEnabled({ name: "token-cleaner-controller", alias: "tokencleaner", offByDefault: true }, asked)).toBe(tokenCleaner);
});
