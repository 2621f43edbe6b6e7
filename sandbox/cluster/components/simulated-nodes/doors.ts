import type { NodeConnector, NodeDoor } from "../../../apiserver/server/connect/node-door.ts";
import { streamOf } from "../../../apiserver/server/connect/backend.ts";
import type { BackendConnector } from "../../../apiserver/server/connect/proxy.ts";
import { KubeletServer } from "../../../kubelet/server/kubelet-server.ts";
import type { Kubelet } from "../../../kubelet/kubelet.ts";
import type { SimulatedNodes } from "./simulated-nodes.ts";

/** The kubelets of simulated nodes, reached without leaving the process. */
export const simulatedDoors = (nodes: SimulatedNodes): NodeConnector => {
  const doors = new WeakMap<Kubelet, NodeDoor>();
  return ({ metadata }) => {
    const kubelet = nodes.kubelet(metadata.name ?? "");
    if (!kubelet) return undefined;
    const known = doors.get(kubelet) ?? doorOf(new KubeletServer(kubelet));
    doors.set(kubelet, known);
    return known;
  };
};

const doorOf = (server: KubeletServer): NodeDoor => ({
  async request({ path, query, signal }) {
    const gone = new AbortController();
    signal.addEventListener("abort", () => gone.abort(), { once: true });
    const { code, contentType, body } = await server.serve(path, query, gone.signal);
    return { code, headers: { "content-type": contentType }, body: typeof body === "string" ? body : streamOf(body, () => gone.abort()) };
  },
  upgrade: (path, query, incoming, socket, head) => server.upgrade(path, query, incoming, socket, head),
});

/** Pods of simulated nodes have addresses on no real network. */
export const simulatedBackends =
  ({ network }: SimulatedNodes): BackendConnector =>
  ({ host, port }) => {
    if (!network.has(host)) return undefined;
    return async ({ method, path, headers }) => {
      const answer = await network.request(host, port, { method, path, headers: headers as Record<string, string> });
      if (!answer)
        return {
          code: 503,
          headers: { "content-type": "text/plain; charset=utf-8" },
          body: `error trying to reach service: dial tcp ${host}:${String(port)}: connect: connection refused`,
        };
      return {
        code: answer.code,
        headers: { "content-type": answer.contentType, ...(answer.location !== undefined && { location: answer.location }) },
        body: answer.body,
      };
    };
  };
