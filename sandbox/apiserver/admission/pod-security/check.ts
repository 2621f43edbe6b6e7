import type { Container, ObjectMeta, PodSpec } from "../../../api/types.ts";

/** What a check sees of a pod, or of the template that pods are made from. */
export interface PodLike {
  readonly metadata: Pick<ObjectMeta, "annotations">;
  readonly spec: PodSpec;
}

/** Why a pod is not allowed: what is wrong, and where. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of the Pod Security Standards. */
export interface Check {
  /** Upstream's name; rules of a level are applied in this order. */
  readonly id: string;
  readonly level: "baseline" | "restricted";
  /** The first minor release that has the rule. */
  readonly since: number;
  /** A rule of the lower level that says less than this one does. */
  readonly overrides?: string;
  /** `minor`: the release whose standards apply. */
  readonly run: (pod: PodLike, minor: number) => Violation | undefined;
}

/** In the order in which pods start them. */
export const containersOf = ({ spec }: PodLike): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...((spec.ephemeralContainers ?? []) as unknown as readonly Container[]),
];

export const named = (...containers: readonly Container[]): string => {
  const word = containers.length === 1 ? "container" : "containers";
  return `${word} ${quotedNames(containers.map(({ name }) => name))}`;
};

export const quotedNames = (names: Iterable<string>): string => [...names].map((name) => `"${name}"`).join(", ");

/** Each once, in order. */
export const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);

/** Those who set something that they may not: `pod and container "a"`; undefined when nobody does. */
export const setters = (pod: boolean, containers: readonly Container[]): string | undefined => {
  const all = [...(pod ? ["pod"] : []), ...(containers.length > 0 ? [named(...containers)] : [])];
  return all.length > 0 ? all.join(" and ") : undefined;
};

export const isWindows = ({ spec }: PodLike): boolean => spec.os?.name === "windows";

/** Pods with users of their own need fewer rules for theirs (since 1.34). */
export const hasOwnUsers = ({ spec }: PodLike, minor: number): boolean => minor >= 34 && spec.hostUsers === false;
