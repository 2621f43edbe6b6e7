import { fromTime } from "../../base/clock/clock.ts";
import type { Pod, Service } from "../../api/types.ts";
import { podCondition } from "../workloads/pods.ts";

/** The annotation that says when what the endpoints now show happened, for measuring how long it took. */
export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

interface Seen {
  readonly service: number;
  readonly pods: ReadonlyMap<string, number>;
}

/** Remembers what was exported, and answers when the first change since then happened (TriggerTimeTracker). */
export class TriggerTimes {
  readonly #seen = new Map<string, Seen>();

  /** RFC 3339; undefined where nothing with a time of its own changed. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.#seen.get(key);
    const times = new Map<string, number>();
    let earliest: number | undefined;
    for (const pod of pods) {
      const time = fromTime(podCondition(pod, "Ready")?.lastTransitionTime);
      if (time === undefined) continue;
      const name = pod.metadata.name ?? "";
      times.set(name, time);
      const isNew = before && time > (before.pods.get(name) ?? -Infinity);
      if (isNew && (earliest === undefined || time < earliest)) earliest = time;
    }
    const created = fromTime(service.metadata.creationTimestamp ?? undefined) ?? 0;
    const changed = before ? earliest : created;
    this.#seen.set(key, { service: created, pods: times });
    return changed === undefined ? undefined : new Date(changed).toISOString().replace(".000Z", "Z");
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
