import type { Listener, Protocol } from "../../network/network.ts";
import { simulatedImage } from "./image-library.ts";
import type { SimulatedContainer, SimulatedSandbox } from "./simulated-runtime.ts";

type Running = SimulatedContainer & { readonly process: NonNullable<SimulatedContainer["process"]> };

/**
 * What a pod's address answers: the program that took the port; else the running server that declared it, or, as images listen on ports
 * which no manifest declares, the only running server.
 */
export const answersOf = (sandbox: SimulatedSandbox, containers: ReadonlyMap<string, SimulatedContainer>): Listener => {
  const running = (): readonly Running[] =>
    [...sandbox.containers].map((id) => containers.get(id)).filter((each): each is Running => each?.process !== undefined);
  const program = (port: number, protocol: Protocol): Running | undefined =>
    running().find(({ process }) => process.ports.has(port, protocol));
  const server = (port: number, protocol: Protocol): Running | undefined => {
    const servers = running().filter(({ process }) => !process.isScript);
    const declared = servers.find((each) =>
      portsOf(each).some((own) => own.containerPort === port && (own.protocol ?? "TCP") === protocol),
    );
    return declared ?? (servers.some((each) => portsOf(each).length > 0) || protocol !== "TCP" ? undefined : servers[0]);
  };
  return {
    listens: (port, protocol) => (program(port, protocol) ?? server(port, protocol)) !== undefined,
    async request(port, request) {
      const protocol = request.method === "UDP" ? "UDP" : "TCP";
      const found = program(port, protocol);
      if (found) return found.process.ports.request(port, request);
      const standing = server(port, protocol);
      return standing && simulatedImage(standing.config.image.image).page(request.path, sandbox.config.hostname);
    },
  };
};

/** What a node's own address answers: pods on the host's network, and host ports that lead into pods. */
export const hostAnswers = (
  sandboxes: ReadonlyMap<string, SimulatedSandbox>,
  containers: ReadonlyMap<string, SimulatedContainer>,
): Listener => {
  const find = (port: number, protocol: Protocol): { readonly listener: Listener; readonly port: number } | undefined => {
    for (const sandbox of sandboxes.values()) {
      if (sandbox.status.state !== "SANDBOX_READY") continue;
      const onHost = sandbox.config.linux?.securityContext?.namespaceOptions.network === "NODE";
      const mapped = sandbox.config.portMappings?.find((each) => each.hostPort === port && each.protocol === protocol);
      if (!onHost && !mapped) continue;
      const listener = answersOf(sandbox, containers);
      const inside = onHost ? port : mapped!.containerPort;
      if (listener.listens(inside, protocol)) return { listener, port: inside };
    }
    return undefined;
  };
  return {
    listens: (port, protocol) => find(port, protocol) !== undefined,
    async request(port, request) {
      const found = find(port, request.method === "UDP" ? "UDP" : "TCP");
      return found?.listener.request(found.port, request);
    },
  };
};

/** The kubelet writes a container's ports into this annotation, as it does for containerd. */
const portsOf = ({ config }: SimulatedContainer): readonly { readonly containerPort: number; readonly protocol?: string }[] => {
  const said = config.annotations["io.kubernetes.container.ports"];
  return said === undefined ? [] : (JSON.parse(said) as readonly { readonly containerPort: number; readonly protocol?: string }[]);
};
