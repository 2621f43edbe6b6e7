import { describe, expect, test } from "vitest";
import type { Node, Pod } from "../../api/types.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { snapshotOf } from "../cache/snapshot.ts";
import { schedulerOptions } from "../config/configuration.ts";
import { PodInfo } from "../framework/pod-info.ts";
import { aNode, aPod } from "../testing/objects.ts";
import { explain } from "./explanation.ts";
import { whatIf } from "./what-if.ts";

const { profiles } = schedulerOptions();
const profile = profiles.get("default-scheduler")!;
const explained = (pod: Pod, nodes: readonly Node[], pods: readonly Pod[] = []) =>
  explain(snapshotOf({ nodes, pods }), new PodInfo(pod), profile, { random: new SeededRandom(1) });

describe("an explanation", () => {
  test("shows every plugin's verdict and score for every node", () => {
    const { rows, node, summary } = explained(aPod("web", { cpu: "1" }), [
      aNode("ann"),
      aNode("bob", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] }),
      aNode("cid", { cpu: "2" }),
    ]);
    expect(node).toBe("ann");
    expect(rows.map((row) => [row.node, row.verdict])).toEqual([
      ["ann", "chosen"],
      ["bob", "rejected"],
      ["cid", "feasible"],
    ]);
    expect(rows[1]!.filters.filter(({ code }) => code)).toEqual([
      { plugin: "TaintToleration", code: "UnschedulableAndUnresolvable", reasons: ["node(s) had untolerated taint {gpu: yes}"] },
    ]);
    const [ann] = rows;
    expect(ann!.total).toBe(ann!.scores.reduce((sum, { weighted }) => sum + weighted, 0));
    expect(ann!.scores.find(({ plugin }) => plugin === "TaintToleration")).toEqual({
      plugin: "TaintToleration",
      raw: 0,
      normalized: 100,
      weight: 3,
      weighted: 300,
    });
    expect(summary).toMatch(/^shop\/web goes to ann: 2 nodes would do, and it scores \d+ where cid comes next with \d+/);
  });

  test("names who must leave when preemption would help", () => {
    const { summary, victims } = explained(aPod("web", { cpu: "4", priority: 5 }), [aNode("ann")], [aPod("old", { on: "ann", cpu: "1" })]);
    expect(victims).toEqual(["shop/old"]);
    expect(summary).toContain("shop/old must leave ann for it");
  });
});

describe("what it suggests is true", () => {
  test.each<[string, Pod, readonly Node[], string]>([
    [
      "more of a resource",
      aPod("web", { cpu: "2500m" }),
      [aNode("ann", { cpu: "1" }), aNode("bob", { cpu: "2" })],
      "it would fit on bob with 500m more cpu there",
    ],
    ["no cordon", aPod("web"), [aNode("ann", { unschedulable: true })], "it would fit on ann if that were not cordoned"],
    [
      "a toleration",
      aPod("web"),
      [aNode("ann", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] })],
      "it would fit on ann if it tolerated gpu=yes:NoSchedule",
    ],
    [
      "a label",
      aPod("web", { spec: { nodeSelector: { disk: "fast" } } }),
      [aNode("ann")],
      "it would fit on ann if that had the label disk=fast",
    ],
    [
      "two things at once",
      aPod("web", { memory: "9Gi" }),
      [aNode("ann", { unschedulable: true })],
      "it would fit on ann if that were not cordoned, and with 1Gi more memory there",
    ],
  ])("%s", (_what, pod, nodes, words) => {
    const { suggestion } = explained(pod, nodes);
    expect(suggestion?.words).toBe(words);
    const changes = suggestion?.changedNode ? [{ kind: "node" as const, node: suggestion.changedNode }] : [];
    const [after] = whatIf({ nodes, pods: [] }, [suggestion?.changedPod ?? pod], changes, { profiles, random: new SeededRandom(2) });
    expect(after?.node).toBe(suggestion?.node);
  });
});

test("pods that are thought of together count for each other", () => {
  const placed = whatIf({ nodes: [aNode("ann", { cpu: "1" })], pods: [] }, [aPod("a", { cpu: "1" }), aPod("b", { cpu: "1" })], [], {
    profiles,
    random: new SeededRandom(1),
  });
  expect(placed.map(({ node }) => node)).toEqual(["ann", undefined]);
  const more = whatIf(
    { nodes: [aNode("ann", { cpu: "1" })], pods: [] },
    [aPod("a", { cpu: "1" }), aPod("b", { cpu: "1" })],
    [{ kind: "node", node: aNode("bob", { cpu: "1" }) }],
    {
      profiles,
      random: new SeededRandom(1),
    },
  );
  expect(more.map(({ node }) => node).sort()).toEqual(["ann", "bob"]);
});
