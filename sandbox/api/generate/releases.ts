/** The releases of Kubernetes that can be served, and the package of model data for each. One more is one more line. */
export const releases = [
  { version: "1.32", package: "client-node-1.32" },
  { version: "1.36", package: "@kubernetes/client-node" },
] as const;

export type Release = (typeof releases)[number];

/** The release whose types win where releases differ. */
export const newestRelease: Release = releases[releases.length - 1]!;

const minorOf = (version: string): number => Number(version.split(".")[1] ?? 0);

/** Whether something that came with release `since` is there in `version`. Empty: since ever. */
export const isSince = (since: string, version: string): boolean => since === "" || minorOf(since) <= minorOf(version);
