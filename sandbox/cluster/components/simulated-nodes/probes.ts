import type { Clock } from "../../../base/clock/clock.ts";
import { behaviorOf } from "../../../cri/simulated/behavior.ts";
import type { ContainerRuntime } from "../../../cri/cri.ts";
import type { SimulatedNetwork } from "../../../network/simulated/simulated-network.ts";
import { execProbe, portOf, type ProbeRunner } from "../../../kubelet/prober/probe-runner.ts";

/** Probes of simulated pods: exec runs in the container; network probes ask the behaviour, which is healthy unless scripted otherwise. */
export const simulatedProbes =
  (runtime: ContainerRuntime, network: SimulatedNetwork, clock: Clock): ProbeRunner =>
  async (pod, container, containerId, probe, kind) => {
    const behavior = behaviorOf(pod.metadata.annotations ?? {}, container.name);
    const { startedAtMs = 0 } = await runtime.runtime.containerStatus(containerId);
    const age = clock.now() - startedAtMs;
    const scripted =
      age < behavior.readyAfter && kind !== "liveness"
        ? "ready"
        : behavior.unhealthyAfter !== undefined && age >= behavior.unhealthyAfter && kind !== "startup"
          ? "health"
          : undefined;
    if (probe.exec)
      return scripted
        ? { ok: false, output: `simulated: not ${scripted === "ready" ? "ready yet" : "healthy"}` }
        : execProbe(runtime, containerId, probe);
    const address = pod.status?.podIP ?? "";
    const port = portOf(container, probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port);
    if (probe.httpGet) {
      const path = probe.httpGet.path ?? "/";
      if (scripted) return { ok: false, output: "HTTP probe failed with statuscode: 503" };
      const answer = network.request(probe.httpGet.host ?? address, port, { method: "GET", path, headers: {} });
      if (answer && answer.code >= 400 && answer.code !== 404)
        return { ok: false, output: `HTTP probe failed with statuscode: ${answer.code}` };
      return { ok: true, output: "" };
    }
    if (scripted) return { ok: false, output: `dial tcp ${address}:${port}: connect: connection refused` };
    return { ok: true, output: "" };
  };
