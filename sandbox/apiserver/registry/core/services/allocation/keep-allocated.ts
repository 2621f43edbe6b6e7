import type { Service } from "../../../../../api/types.ts";
import type { Draft } from "../../../../../apimachinery/meta/types.ts";
import { needsClusterIP, needsHealthCheckPort, needsNodePort } from "./needs.ts";

/** Fills in what was given out before and the client left away: a Service may be replaced by what its manifest says (patchAllocatedValues). */
export const keepAllocated = (next: Draft<Service>, previous: Service): void => {
  const [after, before] = [next.spec, previous.spec];
  if (needsClusterIP(before) && needsClusterIP(after)) {
    after.clusterIP ||= before.clusterIP!;
    if ((after.clusterIPs ?? []).length === 0 && after.clusterIP === before.clusterIP && before.clusterIPs)
      after.clusterIPs = [...before.clusterIPs];
  }
  if (needsNodePort(before) && needsNodePort(after)) {
    const held = new Map(before.ports?.map(({ name = "", nodePort = 0 }) => [name, nodePort]));
    const kept = new Set(after.ports?.map(({ nodePort }) => nodePort ?? 0));
    for (const port of after.ports ?? []) {
      const known = held.get(port.name ?? "") ?? 0;
      if ((port.nodePort ?? 0) === 0 && known !== 0 && !kept.has(known)) port.nodePort = known;
    }
  }
  if (needsHealthCheckPort(before) && needsHealthCheckPort(after)) after.healthCheckNodePort ||= before.healthCheckNodePort!;
};

/** Brings `clusterIP` and `clusterIPs` into step where the client set one of them (normalizeClusterIPs). */
export const normalizeClusterIPs = (next: Draft<Service>, previous: Service | undefined): void => {
  const after = next.spec;
  if (!previous) {
    if ((after.clusterIP ?? "") !== "" && (after.clusterIPs ?? []).length === 0) after.clusterIPs = [after.clusterIP!];
    return;
  }
  const before = previous.spec;
  if ((after.clusterIP ?? "") === (before.clusterIP ?? "")) return;
  const untouched = (after.clusterIPs ?? []).join() === (before.clusterIPs ?? []).join();
  if ((after.clusterIP ?? "") === "") {
    if (untouched) delete after.clusterIPs;
  } else if (untouched) after.clusterIPs = [after.clusterIP!];
};
