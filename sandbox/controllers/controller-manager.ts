import type { Clock } from "../base/clock/clock.ts";
import type { Component } from "../base/lifecycle/component.ts";
import { silentLog, type Log } from "../base/log/log.ts";
import type { Random } from "../base/random/random.ts";
import { untraced, type Step } from "../base/trace/step.ts";
import type { Client } from "../client/client.ts";
import type { Discovery } from "../client/discovery/discovery.ts";
import { Informers } from "../client/informers/informers.ts";
import type { Controller, ReconcileObserver, RunningController } from "./framework/controller.ts";
import { allControllers, type ControllerMaterial } from "./index.ts";
import { defaultControllerOptions, type ControllerOptions } from "./options.ts";

export interface ControllerManagerOptions {
  /** A client as `kube-controller-manager`, or as the service account of that name in kube-system where one is given. */
  clientFor(account?: string): Client;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly random: Random;
  readonly step?: Step;
  readonly log?: Log;
  readonly options?: Partial<ControllerOptions>;
  readonly material: ControllerMaterial;
  readonly observer?: ReconcileObserver;
}

/** kube-controller-manager: all controllers that `--controllers` asks for, over one set of informers. */
export const createControllerManager = (manager: ControllerManagerOptions): Component => {
  const options: ControllerOptions = { ...defaultControllerOptions, ...manager.options };
  let informers: Informers | undefined;
  let running: readonly RunningController[] = [];
  return {
    name: "kube-controller-manager",
    async start() {
      const { clock, random, step = untraced, log = silentLog, discovery, observer, material } = manager;
      const shared = (informers = new Informers(manager.clientFor(), clock));
      const environment = {
        clientFor: (account: string) => manager.clientFor(account),
        informers: shared,
        discovery,
        clock,
        random,
        step,
        log,
        options,
        observer,
      };
      running = allControllers(material, options)
        .filter((controller) => isEnabled(controller, options.controllers))
        .map((controller) => controller.start(environment));
      shared.start();
      await shared.synced();
      for (const controller of running) controller.run();
    },
    async stop() {
      informers?.stop();
      await Promise.all(running.map((controller) => controller.stop()));
      running = [];
    },
  };
};

/** As `--controllers` is read: a name, `-name`, or `*` for all that are on by default. */
export const isEnabled = (
  { name, alias, offByDefault }: Pick<Controller, "name" | "alias" | "offByDefault">,
  asked: readonly string[],
): boolean => {
  let byStar = false;
  for (const word of asked) {
    if (word === name || word === alias) return true;
    if (word === `-${name}` || (alias !== undefined && word === `-${alias}`)) return false;
    if (word === "*") byStar = true;
  }
  return byStar && !offByDefault;
};
