import type { UserInfo } from "../../apimachinery/operation/operation.ts";
import type { Component } from "../../base/lifecycle/component.ts";
import { createControllerManager } from "../../controllers/controller-manager.ts";
import { registryDiscovery } from "../discovery.ts";
import type { Environment } from "../components.ts";
import { defaultServiceRange } from "../options.ts";

const manager = "kube-controller-manager";

/** Controllers run as service accounts of their own; what they share runs as the manager. */
const userFor = (account: string | undefined): UserInfo =>
  account === undefined
    ? { name: `system:${manager}`, groups: ["system:authenticated"] }
    : {
        name: `system:serviceaccount:kube-system:${account}`,
        groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
      };

/** kube-controller-manager with all its controllers. */
export const controllerManager = ({ controlPlane, options, clock, random, log, clientFor }: Environment): Component =>
  createControllerManager({
    clientFor: (account) => clientFor(userFor(account), manager),
    discovery: registryDiscovery(controlPlane),
    clock,
    random: random.fork(manager),
    log,
    options: { serviceClusterIpRange: (options.serviceClusterIpRange ?? defaultServiceRange).split(","), ...options.controllerOptions },
    material: { rootCa: controlPlane.pki.ca.certificate, signing: controlPlane.pki.ca },
  });
