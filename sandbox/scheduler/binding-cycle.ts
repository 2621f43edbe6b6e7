import { hasReason } from "../apimachinery/errors/status.ts";
import type { Extender } from "./extenders/extender.ts";
import type { SchedulingCycle } from "./framework/cycle.ts";
import type { NodeInfo } from "./framework/node-info.ts";
import type { Acting } from "./framework/plugin.ts";
import { messageOf, type Rejection, type Verdict } from "./framework/rejection.ts";
import type { WaitingPods } from "./framework/waiting-pods.ts";

/** Why a placement came to nothing after all. */
export interface BindingFailure {
  readonly message: string;
  /** Set when a plugin turned the pod away, rather than something having gone wrong. */
  readonly rejection?: Rejection;
  /** The pod is gone, or has a node by now. */
  readonly obsolete?: boolean;
}

/** Has the plugins keep what the pod needs on the node; the first "no" takes everything back (RunReservePlugins). */
export const reserve = (cycle: SchedulingCycle, node: NodeInfo): Verdict => {
  for (const plugin of cycle.profile.reserve) {
    const verdict = plugin.reserve?.(cycle.pod, node, cycle);
    if (!verdict) continue;
    unreserve(cycle, node.name);
    return verdict;
  }
  return undefined;
};

export const unreserve = ({ profile, pod, cluster }: SchedulingCycle, nodeName: string): void => {
  for (const plugin of [...profile.reserve].reverse()) plugin.unreserve?.(pod, nodeName, cluster);
};

/** Asks the Permit plugins; answers a verdict, or how long each of them wants to wait. */
export const permit = ({ profile, pod }: SchedulingCycle, nodeName: string): Verdict | ReadonlyMap<string, number> => {
  let waits: Map<string, number> | undefined;
  for (const plugin of profile.permit) {
    const answer = plugin.permit?.(pod, nodeName);
    if (answer === undefined) continue;
    if (typeof answer !== "number") return answer;
    (waits ??= new Map<string, number>()).set(plugin.name, Math.min(answer, 15 * 60_000));
  }
  return waits;
};

/** Waits for permission, prepares, binds (bindingCycle); an extender that binds does so in place of the plugins. */
export const bind = async (
  { profile, pod }: SchedulingCycle,
  nodeName: string,
  waits: ReadonlyMap<string, number> | undefined,
  acting: Acting,
  waiting: WaitingPods,
  extender?: Extender,
): Promise<BindingFailure | undefined> => {
  let stage = "";
  try {
    if (waits) {
      const verdict = await waiting.wait(pod.uid, waits);
      if (verdict) return { message: messageOf(verdict), rejection: verdict };
    }
    for (const plugin of profile.preBind) {
      if (!plugin.preBind) continue;
      stage = `running PreBind plugin ${JSON.stringify(plugin.name)}`;
      const verdict = await plugin.preBind(pod, nodeName, acting);
      if (verdict?.code === "Error") return { message: `${stage}: ${messageOf(verdict)}` };
      if (verdict) return { message: messageOf(verdict), rejection: verdict };
    }
    stage = "binding rejected";
    if (extender) await extender.bind!(pod, nodeName);
    for (const plugin of extender ? [] : profile.bind) {
      stage = `binding rejected: running Bind plugin ${JSON.stringify(plugin.name)}`;
      if ((await plugin.bind?.(pod, nodeName, acting)) !== "skip") break;
    }
    for (const plugin of profile.postBind) plugin.postBind?.(pod, nodeName);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { message: `${stage}: ${message}`, obsolete: hasReason(error, "NotFound") };
  }
};
