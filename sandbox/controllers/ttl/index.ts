import { nodes } from "../../api/resources.ts";
import type { Node } from "../../api/types.ts";
import type { Controller } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";

const ANNOTATION = "node.alpha.kubernetes.io/ttl";

/** How many nodes a step is for, and how many seconds kubelets may keep Secrets and ConfigMaps then. Steps overlap, so that a node more or less does not swing all. */
const steps = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: 10_000, seconds: 300 },
  { from: 9000, to: Infinity, seconds: 600 },
] as const;

/** The step after the number of nodes has changed. */
export const nextStep = (step: number, count: number): number => {
  let next = step;
  while (count > steps[next]!.to) next++;
  while (count < steps[next]!.from) next--;
  return next;
};

/** Tells kubelets how long they may trust what they have read: the longer, the larger the cluster. */
export const ttlController = (): Controller => {
  let step = 0;
  return defineController<Node>({
    name: "ttl-controller",
    alias: "ttl",
    reconciles: nodes,
    wants: ({ next }) => next !== undefined,
    async reconcile(name, { client, cache }) {
      step = nextStep(step, cache.list(nodes).length);
      const seconds = String(steps[step]!.seconds);
      const node = cache.get(nodes, name);
      if (!node || node.metadata.annotations?.[ANNOTATION] === seconds) return;
      await client.patch(nodes, { name }, { type: "strategic", body: { metadata: { annotations: { [ANNOTATION]: seconds } } } });
    },
  });
};
