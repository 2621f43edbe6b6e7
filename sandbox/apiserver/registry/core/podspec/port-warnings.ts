import type { ContainerPort, PodSpec } from "../../../../api/types.ts";
import { visitContainers } from "./visit.ts";

/** Ports that are told twice, or that an address of the node is given for, but no port of it. */
export const portWarnings = (spec: PodSpec, path: string): string[] => {
  const warnings: string[] = [];
  const known = new Map<string, { readonly field: string; readonly port: ContainerPort }[]>();
  visitContainers(spec, path, ({ ports }, containerPath) => {
    ports?.forEach((port, at) => {
      const field = `${containerPath}.ports[${at}]`;
      if (port.hostIP && !port.hostPort) warnings.push(`${field}: hostIP set without hostPort: ${goDump(port)}`);
      const key = `${port.containerPort}/${port.protocol ?? ""}`;
      const others = known.get(key) ?? [];
      for (const other of others) {
        const words = conflict(port, other.port);
        if (words !== undefined) warnings.push(`${field}: ${words} port definition with ${other.field}`);
      }
      known.set(key, [...others, { field, port }]);
    });
  });
  return warnings;
};

const conflict = (left: ContainerPort, right: ContainerPort): string | undefined => {
  const [leftIP, rightIP] = [left.hostIP ?? "", right.hostIP ?? ""];
  const [leftPort, rightPort] = [left.hostPort ?? 0, right.hostPort ?? 0];
  if (leftIP === rightIP && leftPort === rightPort) return "duplicate";
  if (leftPort === 0 || rightPort === 0) return "overlapping";
  return leftPort === rightPort && (leftIP === "") !== (rightIP === "") ? "dangerously ambiguous" : undefined;
};

/** Go's `%+v`. */
const goDump = ({ name = "", hostPort = 0, containerPort, protocol = "", hostIP = "" }: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
