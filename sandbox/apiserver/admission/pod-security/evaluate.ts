import type { PodLike, Violation } from "./check.ts";
import { baselineChecks } from "./checks/baseline.ts";
import { restrictedChecks } from "./checks/restricted.ts";
import type { LevelVersion } from "./policy.ts";

/** What of a level's standards a pod does not keep. `newest` is the minor release that is served. */
export const violationsOf = (pod: PodLike, { level, minor = Infinity }: LevelVersion, newest: number): readonly Violation[] => {
  if (level === "privileged") return [];
  const asOf = Math.min(minor, newest);
  const restricted = level === "restricted" ? restrictedChecks.filter(({ since }) => since <= asOf) : [];
  const overridden = new Set(restricted.map(({ overrides }) => overrides));
  const baseline = baselineChecks.filter(({ id, since }) => since <= asOf && !overridden.has(id));
  return [...baseline, ...restricted].flatMap((check) => check.run(pod, asOf) ?? []);
};

/** `privileged (container "a" must not …), host namespaces (hostNetwork=true)` */
export const inDetail = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");

export const inShort = (violations: readonly Violation[]): string => violations.map(({ reason }) => reason).join(", ");
