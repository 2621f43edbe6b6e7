import { fromTime } from "../../base/clock/clock.ts";

/** A duration as `kubectl get` shows ages (apimachinery's HumanDuration): two units at most, fewer the longer it is. `ms` in milliseconds. */
export const humanDuration = (ms: number): string => {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (hours < 17_520) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (hours < 70_080) return days % 365 === 0 ? `${years}y` : `${years}y${days % 365}d`;
  return `${years}y`;
};

/** How long ago a time was; `<unknown>` where there is none. */
export const since = (time: string | null | undefined, now: number): string => {
  const at = fromTime(time ?? undefined);
  return at === undefined ? "<unknown>" : humanDuration(now - at);
};
