import type { Component } from "../../base/lifecycle/component.ts";
import { SimulatedProxy } from "../../proxy/simulated/simulated-proxy.ts";
import type { Environment } from "../components.ts";

/** kube-proxy of the simulated nodes. */
export const proxy = ({ clock, random, network, clientFor }: Environment): Component =>
  new SimulatedProxy({
    client: clientFor({ name: "system:kube-proxy", groups: ["system:masters", "system:authenticated"] }, "kube-proxy"),
    clock,
    random: random.fork("kube-proxy"),
    network,
  });
