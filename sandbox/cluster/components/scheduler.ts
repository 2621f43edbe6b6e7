import type { Component } from "../../base/lifecycle/component.ts";
import { createScheduler, parseConfiguration } from "../../scheduler/index.ts";
import type { Environment } from "../components.ts";

/** kube-scheduler. */
export const scheduler = ({ options: { schedulerConfig }, clock, random, log, clientFor }: Environment): Component =>
  createScheduler({
    client: clientFor({ name: "system:kube-scheduler", groups: ["system:authenticated"] }, "kube-scheduler"),
    clock,
    random: random.fork("kube-scheduler"),
    log,
    ...(schedulerConfig !== undefined && { config: parseConfiguration(schedulerConfig) }),
  });
