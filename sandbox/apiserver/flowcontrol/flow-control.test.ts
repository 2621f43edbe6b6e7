import { describe, expect, test } from "vitest";
import type { FlowSchema, PriorityLevelConfiguration } from "../../api/types.ts";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import type { ResourceCache } from "../cache/resource-cache.ts";
import { requestInfoOf } from "../server/request-info.ts";
import { FlowControl } from "./flow-control.ts";
import { Seats } from "./seats.ts";

const schema = (name: string, level: string, matchingPrecedence: number, rule: object): FlowSchema =>
  ({
    metadata: { name, uid: `uid-of-${name}` },
    spec: {
      matchingPrecedence,
      priorityLevelConfiguration: { name: level },
      rules: [{ resourceRules: [], nonResourceRules: [], ...rule }],
    },
  }) as unknown as FlowSchema;
const level = (name: string, limited: object): PriorityLevelConfiguration => ({
  metadata: { name, uid: `uid-of-${name}` },
  spec: { type: "Limited", limited },
});
const exempt = { metadata: { name: "exempt", uid: "uid-of-exempt" }, spec: { type: "Exempt", exempt: { nominalConcurrencyShares: 0 } } };

const stored = (revision: number, objects: readonly unknown[]) =>
  ({ revision, list: () => objects.map((object) => ({ object })) }) as unknown as ResourceCache;

const everybody = [{ kind: "Group", group: { name: "*" } }];
const all = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true };
const paths = { verbs: ["*"], nonResourceURLs: ["*"] };
const request = (method: string, path: string) => requestInfoOf(method, path, new URLSearchParams());

describe("classification", () => {
  const schemas = [
    schema("catch-all", "low", 10_000, { subjects: everybody, resourceRules: [all], nonResourceRules: [paths] }),
    schema("masters", "exempt", 1, {
      subjects: [{ kind: "Group", group: { name: "system:masters" } }],
      resourceRules: [all],
      nonResourceRules: [paths],
    }),
    schema("probes", "exempt", 2, {
      subjects: everybody,
      nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/livez*"] }],
    }),
    schema("nodes-status", "high", 400, {
      subjects: everybody,
      resourceRules: [{ verbs: ["update"], apiGroups: [""], resources: ["nodes/status"], clusterScope: true }],
    }),
    schema("robots", "high", 800, {
      subjects: [{ kind: "ServiceAccount", serviceAccount: { namespace: "shop", name: "*" } }],
      resourceRules: [{ ...all, namespaces: ["shop"], clusterScope: false }],
    }),
    schema("dangling", "nowhere", 3, { subjects: everybody, resourceRules: [all], nonResourceRules: [paths] }),
  ];
  const limited = { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" } };
  const control = new FlowControl({
    flowSchemas: () => stored(1, schemas),
    priorityLevels: () => stored(1, [exempt, level("low", limited), level("high", limited)]),
    clock: new ClusterClock(),
  });
  test.each<[string, readonly string[], string, string, string]>([
    ["ann", ["system:masters"], "GET", "/api/v1/pods", "masters"],
    ["ann", [], "GET", "/healthz", "probes"],
    ["ann", [], "GET", "/livez/ping", "probes"],
    ["ann", [], "POST", "/healthz", "catch-all"],
    ["ann", [], "PUT", "/api/v1/nodes/n1/status", "nodes-status"],
    ["ann", [], "PUT", "/api/v1/nodes/n1", "catch-all"],
    ["system:serviceaccount:shop:robot", [], "GET", "/api/v1/namespaces/shop/pods", "robots"],
    ["system:serviceaccount:shop:robot", [], "GET", "/api/v1/pods", "catch-all"],
    ["system:serviceaccount:other:robot", [], "GET", "/api/v1/namespaces/shop/pods", "catch-all"],
  ])("%s %j who sends %s %s belongs to %s", (name, groups, method, path, expected) => {
    for (const _again of [1, 2])
      expect(control.classify({ name, groups }, request(method, path))?.headers["x-kubernetes-pf-flowschema-uid"]).toBe(
        `uid-of-${expected}`,
      );
  });

  test("what is written counts for the next request", () => {
    let revision = 1;
    let written = schemas.slice(0, 1);
    const changing = new FlowControl({
      flowSchemas: () => stored(revision, written),
      priorityLevels: () => stored(1, [exempt, level("low", limited), level("high", limited)]),
      clock: new ClusterClock(),
    });
    const asked = () => changing.classify({ name: "ann", groups: [] }, request("GET", "/healthz"))?.headers;
    expect(asked()).toEqual({ "x-kubernetes-pf-flowschema-uid": "uid-of-catch-all", "x-kubernetes-pf-prioritylevel-uid": "uid-of-low" });
    [revision, written] = [2, schemas];
    expect(asked()).toEqual({ "x-kubernetes-pf-flowschema-uid": "uid-of-probes", "x-kubernetes-pf-prioritylevel-uid": "uid-of-exempt" });
  });
});

describe("seats", () => {
  const seats = (limited: object, limit: number, clock = new ClusterClock()) => {
    const made = new Seats(clock);
    made.configure(level("one", limited), limit);
    return made;
  };
  const queue = (queuing: object) => ({ limitResponse: { type: "Queue", queuing } });

  test("a full level that rejects has no place for one more", () => {
    const full = seats({ limitResponse: { type: "Reject" } }, 2);
    expect([full.enter("a"), full.enter("b"), full.enter("c")]).toEqual([true, true, false]);
    full.leave();
    expect(full.enter("c")).toBe(true);
  });

  test("an exempt level is never full", () => {
    const free = new Seats(new ClusterClock());
    free.configure(exempt, 0);
    expect(Array.from({ length: 50 }, () => free.enter("a"))).not.toContain(false);
  });

  test("who waits is seated when somebody leaves, and queues have an end", async () => {
    const one = seats(queue({ queues: 1, handSize: 1, queueLengthLimit: 1 }), 1);
    expect(one.enter("a")).toBe(true);
    const waiting = one.enter("a");
    expect(one.enter("a")).toBe(false);
    one.leave();
    expect(await waiting).toBe(true);
    expect(one.used).toBe(1);
  });

  test("nobody waits longer than a quarter of the request timeout", async () => {
    const clock = new ClusterClock();
    const one = seats(queue({ queues: 1, handSize: 1, queueLengthLimit: 1 }), 1, clock);
    void one.enter("a");
    const waiting = one.enter("a");
    await clock.advance(15_000);
    expect(await waiting).toBe(false);
    one.leave();
    expect(one.enter("a")).toBe(true);
  });

  test("a flow with many requests does not starve another", async () => {
    const fair = seats(queue({ queues: 64, handSize: 1, queueLengthLimit: 50 }), 1);
    void fair.enter("greedy");
    const order: string[] = [];
    const wait = (flow: string) => void Promise.resolve(fair.enter(flow)).then(() => order.push(flow));
    for (let at = 0; at < 10; at++) wait("greedy");
    wait("modest");
    for (let at = 0; at < 3; at++) fair.leave();
    await Promise.resolve();
    await Promise.resolve();
    expect(order.slice(0, 2)).toContain("modest");
  });
});
