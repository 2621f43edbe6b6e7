import ipaddr from "ipaddr.js";
import type { Component } from "../../base/lifecycle/component.ts";
import { ClusterDns } from "../../dns/cluster-dns.ts";
import type { Environment } from "../components.ts";
import { defaultServiceRange, type ClusterOptions } from "../options.ts";

/** The tenth address of the Service range, where clusters have their DNS by custom. */
export const clusterDnsAddress = ({ serviceClusterIpRange = defaultServiceRange }: ClusterOptions): string => {
  const [base] = ipaddr.parseCIDR(serviceClusterIpRange.split(",")[0]!);
  const bytes = base.toByteArray();
  bytes[bytes.length - 1]! += 10;
  return ipaddr.fromByteArray(bytes).toString();
};

/** The cluster's DNS. */
export const dns = ({ clock, options, network, clientFor }: Environment): Component =>
  new ClusterDns({
    client: clientFor({ name: "system:coredns", groups: ["system:masters", "system:authenticated"] }, "coredns"),
    clock,
    network,
    address: clusterDnsAddress(options),
    zone: "cluster.local",
  });
