import type { ContainerStatus, Pod } from "../../api/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import { ageColumn, nameColumn, string, table, wide } from "./columns.ts";
import { humanDuration } from "./human-duration.ts";

interface Summary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  readonly lastRestart: number | undefined;
}

const isTrue = (pod: Pod, type: string): boolean =>
  pod.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
const lastEnd = (status: ContainerStatus): number => fromTime(status.lastState?.terminated?.finishedAt) ?? 0;

const endReason = ({
  reason,
  signal,
  exitCode,
}: {
  readonly reason?: string;
  readonly signal?: number;
  readonly exitCode: number;
}): string => reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);

/** The one word and the counts that `kubectl get pods` shows (upstream's printPod). */
export const summaryOf = (pod: Pod): Summary => {
  const { spec, status } = pod;
  const inits = spec.initContainers ?? [];
  const sidecars = new Set(inits.filter(({ restartPolicy }) => restartPolicy === "Always").map(({ name }) => name));
  let reason = status?.reason || status?.phase || "";
  if (status?.conditions?.some((condition) => condition.type === "PodScheduled" && condition.reason === "SchedulingGated"))
    reason = "SchedulingGated";
  let ready = 0;
  let restarts = 0;
  let sidecarRestarts = 0;
  let lastRestart = 0;
  let lastSidecarRestart = 0;
  let initializing = false;
  for (const [index, container] of (status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(container.name);
    restarts += container.restartCount;
    lastRestart = Math.max(lastRestart, lastEnd(container));
    if (isSidecar) {
      sidecarRestarts += container.restartCount;
      lastSidecarRestart = Math.max(lastSidecarRestart, lastEnd(container));
    }
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && container.started) {
      if (container.ready) ready++;
      continue;
    }
    initializing = true;
    if (terminated) reason = `Init:${endReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing") reason = `Init:${waiting.reason}`;
    else reason = `Init:${index}/${inits.length}`;
    break;
  }
  if (!initializing || isTrue(pod, "Initialized")) {
    restarts = sidecarRestarts;
    lastRestart = lastSidecarRestart;
    let running = false;
    for (const container of (status?.containerStatuses ?? []).toReversed()) {
      restarts += container.restartCount;
      lastRestart = Math.max(lastRestart, lastEnd(container));
      const { terminated, waiting, running: runs } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated) reason = endReason(terminated);
      else if (container.ready && runs) {
        running = true;
        ready++;
      }
    }
    if (reason === "Completed" && running) reason = isTrue(pod, "Ready") ? "Running" : "NotReady";
  }
  if (pod.metadata.deletionTimestamp) {
    if (status?.reason === "NodeLost") reason = "Unknown";
    else if (status?.phase !== "Succeeded" && status?.phase !== "Failed") reason = "Terminating";
  }
  return { ready, total: spec.containers.length + sidecars.size, reason, restarts, lastRestart: lastRestart || undefined };
};

const restartsText = ({ restarts, lastRestart }: Summary, now: number): string =>
  restarts !== 0 && lastRestart !== undefined ? `${restarts} (${humanDuration(now - lastRestart)} ago)` : String(restarts);

const gatesText = ({ spec, status }: Pod): string => {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const met = gates.filter(({ conditionType }) =>
    status?.conditions?.some(({ type, status: is }) => type === conditionType && is === "True"),
  ).length;
  return `${met}/${gates.length}`;
};

const over = (phase: string, message: string) => [{ type: "Completed", status: "True", reason: phase, message }];

export const podTable = table<Pod>(
  [
    nameColumn(),
    string("Ready", "The aggregate readiness state of this pod for accepting traffic.", (pod) =>
      (({ ready, total }) => `${ready}/${total}`)(summaryOf(pod)),
    ),
    string("Status", "The aggregate status of the containers in this pod.", (pod) => summaryOf(pod).reason),
    string(
      "Restarts",
      "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
      (pod, now) => restartsText(summaryOf(pod), now),
    ),
    ageColumn(),
    wide(string("IP", "@core.v1.PodStatus.podIP", ({ status }) => status?.podIPs?.[0]?.ip || "<none>")),
    wide(string("Node", "@core.v1.PodSpec.nodeName", ({ spec }) => spec.nodeName || "<none>")),
    wide(string("Nominated Node", "@core.v1.PodStatus.nominatedNodeName", ({ status }) => status?.nominatedNodeName || "<none>")),
    wide(string("Readiness Gates", "@core.v1.PodSpec.readinessGates", gatesText)),
  ],
  ({ status }) => {
    if (status?.phase === "Succeeded") return over("Succeeded", "The pod has completed successfully.");
    return status?.phase === "Failed" ? over("Failed", "The pod failed.") : undefined;
  },
);
