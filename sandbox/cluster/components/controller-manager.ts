import type { UserInfo } from "../../apimachinery/operation/operation.ts";
import { SigningKey } from "../../apiserver/authentication/serviceaccount/signing-key.ts";
import type { Component } from "../../base/lifecycle/component.ts";
import { createControllerManager } from "../../controllers/controller-manager.ts";
import { registryDiscovery } from "../discovery.ts";
import type { Environment } from "../components.ts";
import { defaultServiceRange, nodeNamesOf } from "../options.ts";

const manager = "kube-controller-manager";

/** Where load balancers of clusters with simulated nodes have their addresses, beside the nodes themselves. */
const simulatedCloudPool = ["172.19.0.0/16", "fd00:172:19::/112"];

/** Controllers run as service accounts of their own; what they share runs as the manager. */
const userFor = (account: string | undefined): UserInfo =>
  account === undefined || account === manager
    ? { name: `system:${manager}`, groups: ["system:authenticated"] }
    : {
        name: `system:serviceaccount:kube-system:${account}`,
        groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
      };

/** kube-controller-manager with all its controllers. */
export const controllerManager = ({ controlPlane, options, clock, random, log, clientFor }: Environment): Component => {
  const signingKey = new SigningKey(controlPlane.pki.serviceAccountKey);
  return createControllerManager({
    clientFor: (account) => clientFor(userFor(account), manager),
    discovery: registryDiscovery(controlPlane),
    clock,
    random: random.fork(manager),
    log,
    options: {
      serviceClusterIpRange: (options.serviceClusterIpRange ?? defaultServiceRange).split(","),
      ...(nodeNamesOf(options).length > 0 && { loadBalancerPool: simulatedCloudPool, simulatedStorage: true }),
      ...options.controllerOptions,
    },
    material: { rootCa: controlPlane.pki.ca.certificate, signing: controlPlane.pki.ca, signToken: (claims) => signingKey.sign(claims) },
  });
};
