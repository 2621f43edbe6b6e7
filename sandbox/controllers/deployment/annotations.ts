import type { Deployment, ReplicaSet } from "../../api/types.ts";

/** What a Deployment writes on its ReplicaSets. */
export const annotations = {
  revision: "deployment.kubernetes.io/revision",
  history: "deployment.kubernetes.io/revision-history",
  desired: "deployment.kubernetes.io/desired-replicas",
  max: "deployment.kubernetes.io/max-replicas",
} as const;

const notCopied: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  ...Object.values(annotations),
]);

const LONGEST_HISTORY = 2000;

type Annotations = Readonly<Record<string, string>>;

/** A revision by its annotation; 0 where there is none. */
export const revisionOf = ({ metadata }: Deployment | ReplicaSet): number => {
  const revision = Number.parseInt(metadata.annotations?.[annotations.revision] ?? "0", 10);
  return Number.isNaN(revision) ? 0 : revision;
};

/** The annotations of the new ReplicaSet: the Deployment's own, and its revision with those it had before (SetNewReplicaSetAnnotations). */
export const newSetAnnotations = (deployment: Deployment, current: Annotations | undefined, revision: number): Annotations => {
  const next: Record<string, string> = { ...current };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!notCopied.has(key)) next[key] = value;
  const before = current?.[annotations.revision];
  const beforeNumber = before === undefined || before === "" ? 0 : Number(before);
  if (!Number.isInteger(beforeNumber) || beforeNumber >= revision) return next;
  next[annotations.revision] = String(revision);
  if (before !== undefined) {
    const history = withRevision(current?.[annotations.history] ?? "", before);
    if (history !== undefined) next[annotations.history] = history;
  }
  return next;
};

/** The history with one more revision; the oldest go when it gets too long. */
const withRevision = (history: string, revision: string): string | undefined => {
  if (history === "") return revision;
  const revisions = history.split(",");
  let length = history.length + revision.length + 1;
  let start = 0;
  while (length > LONGEST_HISTORY && start < revisions.length) length -= revisions[start++]!.length + 1;
  return length <= LONGEST_HISTORY ? [...revisions.slice(start), revision].join(",") : undefined;
};

/** The annotations with the Deployment's size, from which a later scaling reckons. */
export const withSizes = (current: Annotations | undefined, desired: number, max: number): Annotations => ({
  ...current,
  [annotations.desired]: String(desired),
  [annotations.max]: String(max),
});

export const sizesDiffer = (current: Annotations | undefined, desired: number, max: number): boolean =>
  current?.[annotations.desired] !== String(desired) || current[annotations.max] !== String(max);
