import { toTime } from "../../base/clock/clock.ts";
import type { Node, Taint } from "../../api/types.ts";

export const NOT_READY = "node.kubernetes.io/not-ready";
export const UNREACHABLE = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

/** Which taint a condition stands for, by its type and status. */
const taintOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: "node.kubernetes.io/memory-pressure" },
  DiskPressure: { True: "node.kubernetes.io/disk-pressure" },
  NetworkUnavailable: { True: "node.kubernetes.io/network-unavailable" },
  PIDPressure: { True: "node.kubernetes.io/pid-pressure" },
};

const managed: ReadonlySet<string> = new Set([...Object.values(taintOf).flatMap((statuses) => Object.values(statuses)), UNSCHEDULABLE]);

/** The node's taints, with the NoSchedule ones that its conditions ask for; `now` in milliseconds (doNoScheduleTaintingPass). The same list where nothing changes. */
export const withConditionTaints = ({ spec, status }: Node, now: number): readonly Taint[] => {
  const wanted = new Set((status?.conditions ?? []).flatMap(({ type, status: state }) => taintOf[type]?.[state] ?? []));
  if (spec?.unschedulable) wanted.add(UNSCHEDULABLE);
  const current = spec?.taints ?? [];
  const isOurs = ({ key, effect }: Taint): boolean => effect === "NoSchedule" && managed.has(key);
  const kept = current.filter((taint) => !isOurs(taint) || wanted.has(taint.key));
  const missing = [...wanted].filter((key) => !current.some((taint) => isOurs(taint) && taint.key === key));
  if (missing.length === 0 && kept.length === current.length) return current;
  return [...kept, ...missing.map((key) => ({ key, effect: "NoSchedule", timeAdded: toTime(now) }))];
};

/** The node's taints with this NoExecute one, or with neither. The same list where nothing changes. */
export const withEvictionTaint = ({ spec }: Node, key: string | undefined, now: number): readonly Taint[] => {
  const current = spec?.taints ?? [];
  const isOurs = (taint: Taint): boolean => taint.effect === "NoExecute" && (taint.key === NOT_READY || taint.key === UNREACHABLE);
  const kept = current.filter((taint) => !isOurs(taint) || taint.key === key);
  const isThere = key === undefined || kept.some((taint) => isOurs(taint) && taint.key === key);
  if (isThere && kept.length === current.length) return current;
  return isThere ? kept : [...kept, { key, effect: "NoExecute", timeAdded: toTime(now) }];
};

const copiedLabels = [
  ["kubernetes.io/os", "beta.kubernetes.io/os"],
  ["kubernetes.io/arch", "beta.kubernetes.io/arch"],
] as const;

/** Labels under their older names that are missing or wrong; undefined where all is well (reconcileNodeLabels). */
export const missingLabels = ({ metadata }: Node): Readonly<Record<string, string>> | undefined => {
  const { labels = {} } = metadata;
  const missing = copiedLabels.flatMap(([from, to]) =>
    labels[from] !== undefined && labels[to] !== labels[from] ? [[to, labels[from]] as const] : [],
  );
  return missing.length > 0 ? Object.fromEntries(missing) : undefined;
};
