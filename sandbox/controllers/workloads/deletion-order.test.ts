import { expect, test } from "vitest";
import type { Pod } from "../../api/types.ts";
import { podsToDelete } from "./deletion-order.ts";

const now = Date.parse("2026-01-02T00:00:00Z");

interface Made {
  readonly node?: string;
  readonly phase?: string;
  readonly ready?: string;
  readonly cost?: string;
  readonly restarts?: number;
  readonly created?: string;
}

const pod = (
  name: string,
  { node = "ann", phase = "Running", ready = "2026-01-01T00:00:00Z", cost, restarts = 0, created = "2026-01-01T00:00:00Z" }: Made = {},
): Pod => ({
  metadata: {
    name,
    uid: name,
    creationTimestamp: created,
    ...(cost && { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
  },
  spec: { containers: [], ...(node && { nodeName: node }) },
  status: {
    phase,
    conditions: [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime: ready || "2026-01-01T00:00:00Z" }],
    containerStatuses: [{ name: "c", image: "i", imageID: "", ready: true, restartCount: restarts }],
  },
});

test.each<[string, Made, Made]>([
  ["a pod without a node", { node: "" }, {}],
  ["a pending pod", { phase: "Pending" }, {}],
  ["an unready pod", { ready: "" }, {}],
  ["a cheaper pod", { cost: "-1" }, { cost: "3" }],
  ["a pod that became ready much later", { ready: "2026-01-01T23:59:00Z" }, {}],
  ["a pod that restarted more often", { restarts: 4 }, { restarts: 1 }],
  ["a much younger pod", { created: "2026-01-01T23:00:00Z" }, {}],
])("%s goes first", (_title, first, other) => {
  const pods = [pod("b", other), pod("a", first)];
  expect(podsToDelete(pods, [], 1, now).map(({ metadata }) => metadata.name)).toEqual(["a"]);
});

test("a pod whose node has more of its kind goes first", () => {
  const pods = [pod("a", { node: "bob" }), pod("b"), pod("c")];
  expect(podsToDelete(pods, pods, 1, now)[0]?.spec.nodeName).toBe("ann");
});
