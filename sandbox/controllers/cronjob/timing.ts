import { fromTime } from "../../base/clock/clock.ts";
import type { CronJob } from "../../api/types.ts";
import type { Schedule } from "./schedule.ts";

const MANY = 100;
/** Looked at a little late rather than a little early. */
const NEXT_DELTA_MS = 100;

export interface Missed {
  /** From when on times count. */
  readonly since: number;
  /** The last time that has come and was not served; undefined where none has. */
  readonly latest: number | undefined;
  readonly count: "none" | "few" | "many";
}

/** Which scheduled times have passed since the last that was served (mostRecentScheduleTime). Throws where the schedule has no two times. */
export const missedTimes = ({ metadata, spec, status }: CronJob, schedule: Schedule, now: number, heedDeadline: boolean): Missed => {
  let since = fromTime(status?.lastScheduleTime) ?? fromTime(metadata.creationTimestamp ?? undefined) ?? now;
  const deadline = spec?.startingDeadlineSeconds;
  if (heedDeadline && deadline !== undefined) since = Math.max(since, now - deadline * 1000);
  const first = schedule.next(since);
  const second = first === undefined ? undefined : schedule.next(first);
  if (first === undefined || second === undefined) throw new Error("time difference between two schedules is less than 1 second");
  if (now < first) return { since, latest: undefined, count: "none" };
  if (now < second) return { since, latest: first, count: "none" };
  const between = Math.round((second - first) / 1000) * 1000;
  const number = Math.floor((now - first) / between) + 1;
  let latest: number | undefined;
  for (let time = schedule.next(first + (number - 2) * between); time !== undefined && time <= now; time = schedule.next(time))
    latest = time;
  return { since, latest, count: number > MANY ? "many" : number > 1 ? "few" : "none" };
};

/** Milliseconds until the next scheduled time. */
export const untilNext = (cronJob: CronJob, schedule: Schedule, now: number): number | undefined => {
  const { since, latest, count } = missedTimes(cronJob, schedule, now, false);
  const from = latest ?? (count === "none" ? since : now);
  const next = schedule.next(from);
  return next === undefined ? undefined : next + NEXT_DELTA_MS - now;
};
