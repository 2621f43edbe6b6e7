import type { UserInfo } from "../apimachinery/operation/operation.ts";
import type { Clock } from "../base/clock/clock.ts";
import type { Component } from "../base/lifecycle/component.ts";
import type { Log } from "../base/log/log.ts";
import type { Random } from "../base/random/random.ts";
import type { Client } from "../client/client.ts";
import type { SimulatedNetwork } from "../network/simulated/simulated-network.ts";
import type { ControlPlane } from "./control-plane.ts";
import { controllerManager } from "./components/controller-manager.ts";
import { dns } from "./components/dns.ts";
import { proxy } from "./components/proxy.ts";
import { scheduler } from "./components/scheduler.ts";
import { simulatedNodes } from "./components/simulated-nodes/component.ts";
import type { ClusterOptions, ComponentName } from "./options.ts";

/** What components are made from. */
export interface Environment {
  readonly controlPlane: ControlPlane;
  readonly options: ClusterOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What simulated pods reach each other by. */
  readonly network: SimulatedNetwork;
  /** A client within the process. `agent` names the component: its default field manager. */
  readonly clientFor: (user: UserInfo, agent: string) => Client;
}

interface ComponentEntry {
  /** As `--disable` names it. */
  readonly name: ComponentName;
  readonly make: (environment: Environment) => Component;
}

/** Everything that runs beside the API server, in the order of its start; the end goes the other way. One line a component. */
export const componentTable: readonly ComponentEntry[] = [
  { name: "controller-manager", make: controllerManager },
  { name: "scheduler", make: scheduler },
  { name: "proxy", make: proxy },
  { name: "dns", make: dns },
  { name: "kubelet", make: simulatedNodes },
];
