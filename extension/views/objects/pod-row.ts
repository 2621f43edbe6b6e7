import { pods, type Container, type ContainerStatus, type Pod } from "../../../sandbox/index.ts";
import type { Row, Tone } from "../row.ts";
import { podStatusOf } from "./pod-status.ts";
import { cpuText, memoryText, requestsOf } from "./pod-requests.ts";
import { facts, labelsText, referenceTo } from "./reference.ts";

const restartsText = (restarts: number) => (restarts === 0 ? [] : [restarts === 1 ? "1 restart" : `${restarts} restarts`]);
const badgeOf = (restarts: number) => (restarts === 0 ? undefined : restarts > 9 ? "9+" : String(restarts));

const containerState = (status: ContainerStatus | undefined): readonly [text: string, tone: Tone] => {
  if (status?.state?.running) return status.ready ? ["Running", "good"] : ["Running, not ready", "busy"];
  const ended = status?.state?.terminated;
  if (ended)
    return ended.exitCode === 0 ? [ended.reason ?? "Completed", "idle"] : [`${ended.reason ?? "Error"} (${ended.exitCode})`, "bad"];
  const reason = status?.state?.waiting?.reason;
  return [reason ?? "Waiting", reason === undefined || reason === "ContainerCreating" || reason === "PodInitializing" ? "busy" : "bad"];
};

const containerRow = (parent: string, pod: Pod, container: Container, status: ContainerStatus | undefined, init: boolean): Row => {
  const [state, tone] = containerState(status);
  const waiting = status?.state?.waiting ?? status?.state?.terminated;
  return {
    id: `${parent}/${container.name}`,
    label: container.name,
    description: [state, ...restartsText(status?.restartCount ?? 0), container.image].join(" · "),
    icon: init ? "arrow-circle-right" : "package",
    tone,
    context: "container",
    about: referenceTo(pods, pod),
    tooltip: () =>
      facts(container.name, {
        Image: container.image,
        State: state,
        Message: waiting?.message,
        Restarts: status?.restartCount,
        Requests: labelsText(container.resources?.requests),
        Limits: labelsText(container.resources?.limits),
        Ports: container.ports?.map(({ containerPort, protocol }) => `${containerPort}/${protocol ?? "TCP"}`).join(", "),
      }),
  };
};

const containerRows = (parent: string, pod: Pod): readonly Row[] => {
  const rowsOf = (containers: readonly Container[] | undefined, statuses: readonly ContainerStatus[] | undefined, init: boolean) =>
    (containers ?? []).map((container) =>
      containerRow(
        parent,
        pod,
        container,
        statuses?.find(({ name }) => name === container.name),
        init,
      ),
    );
  return [
    ...rowsOf(pod.spec.initContainers, pod.status?.initContainerStatuses, true),
    ...rowsOf(pod.spec.containers, pod.status?.containerStatuses, false),
  ];
};

/** A pod under its node or its owner, with its containers below. */
export const podRow = (parent: string, pod: Pod): Row => {
  const { status, ready, containers, restarts, tone } = podStatusOf(pod);
  const id = `${parent}/${pod.metadata.uid ?? ""}`;
  return {
    id,
    label: pod.metadata.name ?? "",
    description: [`${status} ${ready}/${containers}`, ...restartsText(restarts)].join(" · "),
    icon: tone === "bad" ? "error" : tone === "busy" ? "loading" : tone === "idle" ? "pass" : "circle-filled",
    tone,
    badge: badgeOf(restarts),
    context: "pod",
    about: referenceTo(pods, pod),
    tooltip: () => {
      const { milliCPU, memory } = requestsOf(pod);
      return facts(`pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`, {
        Status: status,
        Message:
          pod.status?.message ?? pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message,
        Ready: `${ready}/${containers}`,
        Restarts: restarts,
        Node: pod.spec.nodeName,
        IP: pod.status?.podIP,
        Requests: milliCPU + memory === 0 ? undefined : `cpu ${cpuText(milliCPU)}, memory ${memoryText(memory)}`,
        Labels: labelsText(pod.metadata.labels),
        Since: pod.status?.startTime ?? pod.metadata.creationTimestamp ?? undefined,
      });
    },
    children: () => containerRows(id, pod),
  };
};
