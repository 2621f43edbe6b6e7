import { badRequest } from "../../../apimachinery/errors/constructors.ts";
import { isTrue } from "../request-info.ts";
import { containerOf, type PodLike } from "./pod-target.ts";

/** Where the kubelet has what a client asks for by `exec`, `attach` and `portforward`. */
export interface StreamTarget {
  readonly nodeName: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The client's query names streams by another word than the kubelet's. */
const streams = { stdin: "input", stdout: "output", stderr: "error", tty: "tty" } as const;

/** Upstream's StreamLocation and PortForwardLocation. Throws 400 for a pod without a node, or an unclear container. */
export const streamTarget = (subresource: string, pod: PodLike, asked: URLSearchParams): StreamTarget => {
  const { namespace = "", name = "" } = pod.metadata;
  const query = new URLSearchParams();
  const container = subresource === "portforward" ? "" : containerOf(pod, asked.get("container") ?? "");
  const { nodeName } = pod.spec;
  if (!nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  if (subresource === "portforward") {
    for (const port of asked.getAll("ports")) query.append("port", port);
    return { nodeName, path: `/portForward/${namespace}/${name}`, query };
  }
  for (const [ours, theirs] of Object.entries(streams)) if (asked.has(ours) && isTrue(asked.get(ours))) query.set(theirs, "1");
  for (const command of asked.getAll("command")) query.append("command", command);
  return { nodeName, path: `/${subresource}/${namespace}/${name}/${container}`, query };
};
