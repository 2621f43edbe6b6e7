import type { Cluster } from "../framework/cluster.ts";
import type { ClusterEvent, ClusterEventHint, ClusterEventKind } from "../framework/events.ts";
import type { Plugin } from "../framework/plugin.ts";
import type { Profile } from "../framework/profile.ts";
import type { WaitingPod } from "./waiting-pod.ts";

type Hints = ReadonlyMap<ClusterEventKind, readonly ClusterEventHint[]>;

/** For each profile, which events may cure which plugin's rejection (QueueingHintMap). */
export class QueueingHints {
  /** By scheduler name and plugin; undefined stands for a plugin that says nothing of events: any may help. */
  readonly #hints = new Map<string, Map<string, Hints | undefined>>();

  constructor(profiles: Iterable<Profile>) {
    for (const profile of profiles) {
      const byPlugin = new Map<string, Hints | undefined>();
      for (const plugin of rejecting(profile)) byPlugin.set(plugin.name, plugin.retryOn && byKind(plugin.retryOn));
      this.#hints.set(profile.schedulerName, byPlugin);
    }
  }

  /** Plugins of any profile for which an event of this kind means something. */
  pluginsFor(kind: ClusterEventKind): ReadonlySet<string> {
    // Nobody knows what an extender waits for.
    const names = new Set<string>(["Extender"]);
    for (const byPlugin of this.#hints.values()) for (const [name, hints] of byPlugin) if (!hints || hints.has(kind)) names.add(name);
    return names;
  }

  /** Whether an event is worth another try, and whether at once: what a plugin waited for has come (isPodWorthRequeuing). */
  judge(pod: WaitingPod, event: ClusterEvent, cluster: Cluster): "skip" | "afterBackoff" | "immediately" {
    if (event.kind === "anything" || pod.plugins.size === 0) return "afterBackoff";
    const byPlugin = this.#hints.get(pod.info.pod.spec?.schedulerName ?? "default-scheduler");
    let verdict: "skip" | "afterBackoff" = "skip";
    for (const name of pod.plugins) {
      const hints = byPlugin?.get(name);
      const helps = !hints || (hints.get(event.kind) ?? []).some((hint) => !hint.helps || hint.helps(pod.info, event, cluster));
      if (!helps) continue;
      if (pod.pendingPlugins.has(name)) return "immediately";
      verdict = "afterBackoff";
    }
    return verdict;
  }
}

const rejecting = (profile: Profile): ReadonlySet<Plugin> =>
  new Set([...profile.preEnqueue, ...profile.preFilter, ...profile.filter, ...profile.reserve, ...profile.permit]);

const byKind = (hints: readonly ClusterEventHint[]): Hints => {
  const grouped = new Map<ClusterEventKind, ClusterEventHint[]>();
  for (const hint of hints) {
    const known = grouped.get(hint.kind);
    if (known) known.push(hint);
    else grouped.set(hint.kind, [hint]);
  }
  return grouped;
};
