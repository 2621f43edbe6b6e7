import type { Node, Pod } from "../../api/types.ts";
import { quantityOf } from "../../apimachinery/quantity/parse.ts";
import { isFinished } from "../pod-facts.ts";

/** The kubelet will not run the pod: phase Failed for this reason. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** What the node's other pods leave. The rules are the scheduler's general predicates, once more ("pod admission" in the kubelet). */
export const admitPod = (pod: Pod, others: readonly Pod[], node: Node): Rejection | undefined => {
  const refused = (reason: string, message: string): Rejection => ({ reason, message: `Pod was rejected: ${message}` });
  const selector = pod.spec?.nodeSelector ?? {};
  const labels = node.metadata.labels ?? {};
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value))
    return refused("NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  const os = pod.spec?.os?.name;
  if (os !== undefined && os !== (labels["kubernetes.io/os"] ?? "linux"))
    return refused("PodOSNotSupported", `Pod OS ${os} does not match node OS linux`);
  const running = others.filter((other) => !isFinished(other));
  const allocatable = node.status?.allocatable ?? {};
  const most = Number(allocatable["pods"] ?? 110);
  if (running.length + 1 > most)
    return refused("OutOfpods", `Node didn't have enough resource: pods, requested: 1, used: ${running.length}, capacity: ${most}`);
  for (const [name, requested] of requestsOf(pod)) {
    if (requested === 0) continue;
    const capacity = units(name, allocatable[name]);
    const used = running.reduce((sum, other) => sum + (requestsOf(other).get(name) ?? 0), 0);
    if (requested + used > capacity)
      return refused(
        `OutOf${name}`,
        `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
      );
  }
  const taken = new Set(running.flatMap(hostPortsOf));
  if (hostPortsOf(pod).some((port) => taken.has(port)))
    return refused("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
  return undefined;
};

/** CPU in thousandths, everything else in whole units. */
const units = (name: string, text: string | number | undefined): number =>
  text === undefined ? 0 : name === "cpu" ? quantityOf(text).milliValue() : quantityOf(text).value();

const requestsOf = ({ spec }: Pod): ReadonlyMap<string, number> => {
  const sum = new Map<string, number>();
  for (const { resources } of spec?.containers ?? [])
    for (const [name, text] of Object.entries(resources?.requests ?? {})) sum.set(name, (sum.get(name) ?? 0) + units(name, text));
  let sidecars = new Map<string, number>();
  const most = new Map<string, number>();
  for (const { resources, restartPolicy } of spec?.initContainers ?? []) {
    const own = Object.entries(resources?.requests ?? {});
    if (restartPolicy === "Always")
      sidecars = new Map([...sidecars, ...own.map(([name, text]) => [name, (sidecars.get(name) ?? 0) + units(name, text)] as const)]);
    else for (const [name, text] of own) most.set(name, Math.max(most.get(name) ?? 0, units(name, text) + (sidecars.get(name) ?? 0)));
  }
  for (const [name, value] of sidecars) sum.set(name, (sum.get(name) ?? 0) + value);
  for (const [name, value] of most) sum.set(name, Math.max(sum.get(name) ?? 0, value));
  for (const [name, text] of Object.entries(spec?.overhead ?? {})) sum.set(name, (sum.get(name) ?? 0) + units(name, text));
  return sum;
};

const hostPortsOf = ({ spec }: Pod): readonly string[] =>
  (spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports
      .filter(({ hostPort }) => hostPort)
      .map(({ hostPort, protocol = "TCP", hostIP = "" }) => `${protocol}/${hostIP === "0.0.0.0" ? "" : hostIP}/${hostPort!}`),
  );
