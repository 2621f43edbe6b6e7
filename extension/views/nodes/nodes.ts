import { nodes, type Node, type Pod } from "../../../sandbox/index.ts";
import type { Connection } from "../../cluster/connection.ts";
import { amountsOf, cpuText, memoryText, requestsOfAll, shareText } from "../objects/pod-requests.ts";
import { podRow } from "../objects/pod-row.ts";
import { byName, counted, facts, labelsText, referenceTo } from "../objects/reference.ts";
import type { Row, Tone } from "../row.ts";
import type { View } from "../view.ts";

/** `Ready`, `NotReady`, `Ready,SchedulingDisabled`: the STATUS column of `kubectl get nodes`. */
const statusOf = ({ spec, status }: Node): readonly [text: string, tone: Tone] => {
  const ready = status?.conditions?.find(({ type }) => type === "Ready")?.status;
  const text = ready === "True" ? "Ready" : ready === undefined ? "Unknown" : "NotReady";
  if (text !== "Ready") return [spec.unschedulable ? `${text},SchedulingDisabled` : text, "bad"];
  return spec.unschedulable ? ["Ready,SchedulingDisabled", "busy"] : ["Ready", "good"];
};

const rolesOf = ({ metadata }: Node): string =>
  Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith("node-role.kubernetes.io/"))
    .map((label) => label.slice("node-role.kubernetes.io/".length))
    .join(", ");

const nodeRow = (node: Node, pods: readonly Pod[]): Row => {
  const [status, tone] = statusOf(node);
  const allocatable = amountsOf(node.status?.allocatable);
  const requested = requestsOfAll(pods);
  const cpu = `cpu ${cpuText(requested.milliCPU)}/${cpuText(allocatable.milliCPU)}`;
  const memory = `mem ${memoryText(requested.memory)}/${memoryText(allocatable.memory)}`;
  const id = `node/${node.metadata.uid ?? ""}`;
  return {
    id,
    label: node.metadata.name ?? "",
    description: [...(status === "Ready" ? [] : [status]), counted(pods.length, "pod"), cpu, memory].join(" · "),
    icon: tone === "good" ? "server" : tone === "busy" ? "circle-slash" : "error",
    tone,
    context: node.spec.unschedulable ? "node cordoned" : "node open",
    about: referenceTo(nodes, node),
    tooltip: () =>
      facts(`node ${node.metadata.name ?? ""}`, {
        "Status": status,
        "Because": node.status?.conditions?.find(({ type, status }) => type === "Ready" && status !== "True")?.message,
        "Roles": rolesOf(node),
        "Pods": `${pods.length} of ${node.status?.allocatable?.["pods"] ?? "?"}`,
        "CPU requested": cpu.slice("cpu ".length) + shareText(requested.milliCPU, allocatable.milliCPU),
        "Memory requested": memory.slice("mem ".length) + shareText(requested.memory, allocatable.memory),
        "Taints": node.spec.taints?.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`).join(", "),
        "Kubelet": node.status?.nodeInfo?.kubeletVersion,
        "Runtime": node.status?.nodeInfo?.containerRuntimeVersion,
        "Address": node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address,
        "Labels": labelsText(node.metadata.labels),
      }),
    children: pods.length === 0 ? undefined : () => pods.toSorted(byName).map((pod) => podRow(id, pod)),
  };
};

const unscheduled = (pods: readonly Pod[]): readonly Row[] => {
  const waiting = pods.filter(({ spec, status }) => spec.nodeName === undefined && status?.phase !== "Failed");
  if (waiting.length === 0) return [];
  const children = () => waiting.toSorted(byName).map((pod) => podRow("waiting", pod));
  return [
    { id: "waiting", label: "Waiting for a node", description: counted(waiting.length, "pod"), icon: "watch", tone: "busy", children },
  ];
};

/** Nodes, and the pods on them. */
export const nodesView: View = {
  id: "drydock.nodes",
  follows: ["nodes", "pods"],
  rows: ({ nodes, pods }: Connection) => [
    ...unscheduled(pods.all()),
    ...nodes
      .all()
      .toSorted(byName)
      .map((node) => nodeRow(node, pods.by("node", node.metadata.name ?? ""))),
  ],
};
