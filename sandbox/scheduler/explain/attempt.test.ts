import { expect, test } from "vitest";
import { SeededRandom } from "../../base/random/random.ts";
import { Attempts } from "../attempts.ts";
import { schedulerOptions } from "../config/configuration.ts";
import { aNode, aPod } from "../testing/objects.ts";
import { explainAttempt } from "./attempt.ts";

const { profiles } = schedulerOptions();
const random = new SeededRandom(1);
const attemptOf = (pod: string, node?: string) => ({
  uid: `uid-of-shop/${pod}`,
  pod: `shop/${pod}`,
  schedulerName: "default-scheduler",
  revision: 7,
  time: 0,
  start: 0,
  ...(node && { node }),
});

test("an earlier attempt is explained with what had been placed by then and was not written yet", () => {
  const attempts = new Attempts();
  attempts.add(attemptOf("first", "ann"));
  attempts.add(attemptOf("second", "bob"));
  const state = {
    nodes: [aNode("ann", { cpu: "1" }), aNode("bob", { cpu: "1" })],
    pods: [aPod("first", { cpu: "1" }), aPod("second", { cpu: "1" })],
  };
  const explained = explainAttempt(state, attempts.of("shop/second")!, { attempts, profiles, random });
  expect(explained?.node).toBe("bob");
  expect(explained?.rows.map(({ node, verdict }) => [node, verdict])).toEqual([
    ["ann", "rejected"],
    ["bob", "chosen"],
  ]);
});

test("among equals the explanation takes the node that chance took", () => {
  const attempts = new Attempts();
  const nodes = ["ann", "bob", "cid", "dot"].map((name) => aNode(name));
  for (const { metadata } of nodes) {
    attempts.add(attemptOf("web", metadata.name));
    expect(explainAttempt({ nodes, pods: [aPod("web")] }, attempts.of("shop/web")!, { attempts, profiles, random })?.node).toBe(
      metadata.name,
    );
  }
});
