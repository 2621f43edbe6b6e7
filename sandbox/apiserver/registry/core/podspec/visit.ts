import type { Container, EphemeralContainer, PodSpec } from "../../../../api/types.ts";

/** Any container of a pod: what the three lists have in common. */
export type AnyContainer = Container | EphemeralContainer;

/** All containers, init containers first (VisitContainers). */
export const containersOf = ({ initContainers, containers, ephemeralContainers }: PodSpec): readonly AnyContainer[] => {
  if (!initContainers && !ephemeralContainers) return containers ?? [];
  return [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])];
};

/** Calls back for each container with its path: regular, init and ephemeral ones (VisitContainersWithPath). */
export const visitContainers = (spec: PodSpec, path: string, visit: (container: AnyContainer, path: string) => void): void => {
  for (const list of ["initContainers", "containers", "ephemeralContainers"] as const)
    spec[list]?.forEach((container, at) => {
      visit(container, `${path}.${list}[${at}]`);
    });
};
