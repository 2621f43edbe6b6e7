import { describe, expect, test } from "vitest";
import { SeededRandom } from "../../base/random/random.ts";
import { schedulerOptions } from "../config/configuration.ts";
import { RandomCluster } from "../testing/random-cluster.ts";
import { SchedulingCycle } from "./cycle.ts";
import { place, type Decision } from "./decide.ts";
import { rejectionsByNode } from "./diagnosis.ts";
import { CycleMemory } from "./memory.ts";
import { PodInfo } from "./pod-info.ts";
import { detailedScores } from "./scoring.ts";

const [profile] = [...schedulerOptions().profiles.values()];

/** All of a decision that anybody can see. */
const visible = (decision: Decision): unknown => {
  switch (decision.outcome) {
    case "scheduled": {
      const { cycle, feasible, node } = decision;
      const { byPlugin, totals } = detailedScores(cycle, feasible);
      return {
        node: node.name,
        feasible: feasible.map(({ name }) => name),
        scores: byPlugin.map(({ plugin, raw, scores }) => [plugin.name, ...raw, ...scores]),
        totals: [...totals],
        rejected: [...rejectionsByNode(decision.diagnosis)],
      };
    }
    case "unschedulable":
      return {
        message: decision.message,
        rejected: [...rejectionsByNode(decision.diagnosis)],
        nominated: decision.nominatedNodeName,
        victims: decision.victims?.pods.map(({ name }) => name),
      };
    default:
      return decision.outcome;
  }
};

describe("what is remembered from one cycle to the next changes no decision", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("in the random history %i", (seed) => {
    const random = new SeededRandom(seed);
    const cluster = new RandomCluster(random);
    const memory = new CycleMemory();
    for (let round = 0; round < 150; round++) {
      for (let events = random.integer(4); events > 0; events--) cluster.happen();
      const pod = new PodInfo(cluster.pod());
      const afresh = new CycleMemory();
      afresh.nextStart = memory.nextStart;
      const expected = place(new SchedulingCycle(pod, profile!, cluster.cache, new SeededRandom(round), afresh));
      const wanted = visible(expected);
      const decision = place(new SchedulingCycle(pod, profile!, cluster.cache, new SeededRandom(round), memory));
      expect(visible(decision)).toEqual(wanted);
      if (decision.outcome === "scheduled") cluster.assign(pod, decision.node.name);
    }
  });
});
