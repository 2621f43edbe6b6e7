import { expect, test } from "vitest";
import { expired } from "../../apimachinery/errors/constructors.ts";
import { configMaps } from "../../api/resources.ts";
import type { ConfigMap } from "../../api/types.ts";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import type { Client, ClientWatchEvent } from "../client.ts";
import { Informer, type Change } from "./informer.ts";

const configMap = (name: string, revision: number, labels?: Record<string, string>): ConfigMap => ({
  metadata: { name, namespace: "shop", resourceVersion: String(revision), ...(labels && { labels }) },
});

/** A server with one list, and a watch that the test speaks through. */
const serverWith = (items: ConfigMap[], revision: number) => {
  const server = {
    items,
    revision,
    lists: 0,
    say: (_event: ClientWatchEvent<ConfigMap>): void => {},
    end: (_error: Error): void => {},
  };
  const client = {
    list: () => {
      server.lists++;
      return Promise.resolve({ metadata: { resourceVersion: String(server.revision) }, items: server.items });
    },
    watch: (_type: unknown, _options: unknown, receiver: { event: (event: unknown) => void; ended: (error?: Error) => void }) => {
      server.say = receiver.event;
      server.end = receiver.ended;
      return { stop: () => receiver.ended() };
    },
  } as unknown as Client;
  const clock = new ClusterClock({ start: 0, speed: 0 });
  return { server, clock, informer: new Informer<ConfigMap>(client, clock, configMaps) };
};

const inWords = ({ previous, next, revision }: Change<ConfigMap>): string =>
  `${previous ? "-" : ""}${next ? "+" : ""}${(next ?? previous)!.metadata.name!}@${revision}`;

test("handlers hear of what is there, and then of every change with what was before", async () => {
  const { server, informer } = serverWith([configMap("a", 3)], 5);
  const heard: string[] = [];
  informer.handle((change) => heard.push(inWords(change)));
  informer.start();
  await informer.synced();
  server.say({ type: "ADDED", object: configMap("b", 6) });
  server.say({ type: "MODIFIED", object: configMap("a", 7) });
  server.say({ type: "DELETED", object: configMap("b", 8) });
  expect(heard).toEqual(["+a@3", "+b@6", "-+a@7", "-b@8"]);
  expect(informer.revision).toBe(8);
});

test("after a watch that expired, everything is listed again and told as changes", async () => {
  const { server, informer, clock } = serverWith([configMap("a", 3), configMap("b", 4)], 5);
  informer.start();
  await informer.synced();
  const heard: string[] = [];
  informer.handle((change) => heard.push(inWords(change)));
  heard.length = 0;
  Object.assign(server, { items: [configMap("a", 3), configMap("c", 9)], revision: 10 });
  server.end(expired("too old resource version"));
  await clock.settle();
  expect(server.lists).toBe(2);
  expect(heard).toEqual(["-b@10", "+c@9"]);
});

test("indexes follow objects from one value to another", async () => {
  const { server, informer } = serverWith([configMap("a", 3, { tier: "front" })], 5);
  informer.addIndex("tier", ({ metadata }) => [metadata.labels?.["tier"] ?? ""]);
  informer.start();
  await informer.synced();
  expect(informer.byIndex("tier", "front")).toHaveLength(1);
  server.say({ type: "MODIFIED", object: configMap("a", 6, { tier: "back" }) });
  expect(informer.byIndex("tier", "front")).toEqual([]);
  expect(informer.byIndex("tier", "back").map(({ metadata }) => metadata.name)).toEqual(["a"]);
});

test("who waits for a revision is told when the cache has it", async () => {
  const { server, informer } = serverWith([], 5);
  informer.start();
  await informer.synced();
  let reached = false;
  const waiting = informer.when(() => informer.revision >= 7).then(() => (reached = true));
  server.say({ type: "ADDED", object: configMap("a", 6) });
  await Promise.resolve();
  expect(reached).toBe(false);
  server.say({ type: "BOOKMARK", resourceVersion: "7" });
  await waiting;
  expect(reached).toBe(true);
});
