import type { CronJob, Job } from "../../api/types.ts";
import { conditionOf } from "../workloads/conditions.ts";

/** How a Job ended; undefined while it has not. */
export const endOf = ({ status }: Job): "Complete" | "Failed" | undefined => {
  if (conditionOf(status?.conditions, "Complete")?.status === "True") return "Complete";
  return conditionOf(status?.conditions, "Failed")?.status === "True" ? "Failed" : undefined;
};

/** Ended Jobs beyond the history limits, the oldest first. */
export const surplusHistory = ({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] => {
  const beyond = (limit: number | undefined, end: "Complete" | "Failed"): readonly Job[] => {
    if (limit === undefined) return [];
    const ended = jobs.filter((job) => endOf(job) === end).sort(byStart);
    return ended.slice(0, Math.max(0, ended.length - limit));
  };
  return [...beyond(spec?.failedJobsHistoryLimit, "Failed"), ...beyond(spec?.successfulJobsHistoryLimit, "Complete")];
};

const byStart = (a: Job, b: Job): number => {
  const [left, right] = [a.status?.startTime ?? "9", b.status?.startTime ?? "9"];
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
};
