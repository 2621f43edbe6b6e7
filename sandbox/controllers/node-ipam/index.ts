import { nodes } from "../../api/resources.ts";
import type { Node } from "../../api/types.ts";
import type { Controller } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { nextRanges, type NodeRanges } from "./ranges.ts";

/** Gives each node its part of the cluster's CIDRs (RangeAllocator). */
export const nodeIpamController = (ranges: NodeRanges): Controller => {
  /** Ranges by the node that has them: those that the cache does not show yet as well. */
  const given = new Map<string, readonly string[]>();
  return defineController<Node>({
    name: "node-ipam-controller",
    alias: "nodeipam",
    account: "node-controller",
    eventSource: "cidrAllocator",
    reconciles: nodes,
    // One at a time: two must not take the same range.
    workers: 1,
    async reconcile(name, { client, cache, events }) {
      const node = cache.get(nodes, name);
      if (!node) {
        given.delete(name);
        return;
      }
      const { podCIDRs = [] } = node.spec ?? {};
      if (podCIDRs.length > 0) {
        given.set(name, podCIDRs);
        return;
      }
      const taken = new Set([...given.values(), ...cache.list(nodes).map(({ spec }) => spec?.podCIDRs ?? [])].flat());
      const free = given.get(name) ?? nextRanges(ranges, taken);
      if (!free) {
        events.event(node, "Normal", "CIDRNotAvailable", `Node ${name} status is now: CIDRNotAvailable`);
        throw new Error("CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range");
      }
      given.set(name, free);
      await client.patch(nodes, { name }, { type: "strategic", body: { spec: { podCIDR: free[0], podCIDRs: free } } });
    },
  });
};
