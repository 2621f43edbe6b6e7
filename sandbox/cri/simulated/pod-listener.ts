import type { Listener } from "../../network/network.ts";
import { simulatedImage } from "./image-library.ts";
import type { SimulatedContainer, SimulatedSandbox } from "./simulated-runtime.ts";

/**
 * What a pod's address answers: the running container that declared the port, or, as images listen on ports which no manifest
 * declares, the only running server.
 */
export const answersOf = (sandbox: SimulatedSandbox, containers: ReadonlyMap<string, SimulatedContainer>): Listener => ({
  request: (port, request) => {
    const running = [...sandbox.containers].map((id) => containers.get(id)).filter((each) => each?.process && !each.process.isScript);
    const declared = running.find((container) => portsOf(container!).includes(port));
    const container = declared ?? (running.some((each) => portsOf(each!).length > 0) ? undefined : running[0]);
    if (!container) return undefined;
    return simulatedImage(container.config.image.image).page(request.path, sandbox.config.hostname);
  },
});

/** The kubelet writes a container's ports into this annotation, as it does for containerd. */
const portsOf = ({ config }: SimulatedContainer): readonly number[] => {
  const said = config.annotations["io.kubernetes.container.ports"];
  if (said === undefined) return [];
  return (JSON.parse(said) as readonly { readonly containerPort: number }[]).map(({ containerPort }) => containerPort);
};
