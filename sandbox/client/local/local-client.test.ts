import { expect, test } from "vitest";
import type { Operation, OperationResult } from "../../apimachinery/operation/operation.ts";
import { configMaps } from "../../api/resources.ts";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import type { HeldCall, Verdict } from "../../base/trace/gate.ts";
import { localClient } from "./local-client.ts";

const clientWith = (hold?: (call: HeldCall) => Promise<Verdict> | undefined) => {
  const operations: Operation[] = [];
  const perform = (operation: Operation): Promise<OperationResult> => {
    operations.push(operation);
    const object = operation.object ?? { metadata: { name: operation.name } };
    return Promise.resolve({ kind: "object", code: 200, stored: { object, bytes: new Uint8Array() } });
  };
  const options = {
    perform,
    user: { name: "ann", groups: [] },
    userAgent: "kubectl/v1.32.0",
    clock: new ClusterClock({ start: 0, speed: 0 }),
  };
  return { operations, client: localClient({ ...options, ...(hold && { gate: { hold } }) }) };
};

const map = { metadata: { name: "settings", namespace: "shop" } };

test("a call says who makes it, and why", async () => {
  const { client, operations } = clientWith();
  await client.because({ item: "apps/deployments shop/web", revisions: [4] }).create(configMaps, map);
  expect(operations[0]).toMatchObject({
    verb: "create",
    resource: "configmaps",
    namespace: "shop",
    object: { apiVersion: "v1", kind: "ConfigMap" },
    cause: { by: "kubectl", user: "ann", item: "apps/deployments shop/web", revisions: [4] },
  });
});

test("a held call waits, and may be let go with another body, skipped or failed", async () => {
  const verdicts: Verdict[] = [
    { kind: "go", body: { ...map, data: { a: "b" } } },
    { kind: "skip" },
    { kind: "fail", code: 409, message: "not now" },
  ];
  const { client, operations } = clientWith(() => Promise.resolve(verdicts.shift()!));
  expect(await client.create(configMaps, map)).toMatchObject({ data: { a: "b" } });
  await client.create(configMaps, map);
  expect(operations).toHaveLength(1);
  await expect(client.create(configMaps, map)).rejects.toMatchObject({ code: 409, reason: "Conflict", message: "not now" });
});
