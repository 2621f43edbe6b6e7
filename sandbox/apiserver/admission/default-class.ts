import type { KubeObject } from "../../apimachinery/meta/types.ts";

/** The class that is marked as default; of several the newest, then the first by name. */
export const newestDefault = <T extends KubeObject>(classes: readonly T[], ...annotations: readonly string[]): T | undefined => {
  const marked = classes.filter(({ metadata }) => annotations.some((annotation) => metadata.annotations?.[annotation] === "true"));
  return marked.toSorted((a, b) => {
    const [older, newer] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
    if (older !== newer) return older < newer ? 1 : -1;
    return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
  })[0];
};
