import type { Clock } from "../../../base/clock/clock.ts";
import { behaviorOf } from "../../../cri/simulated/behavior.ts";
import type { SimulatedRuntime } from "../../../cri/simulated/simulated-runtime.ts";
import type { SimulatedNetwork } from "../../../network/simulated/simulated-network.ts";
import { execProbe, portOf, type ProbeResult, type ProbeRunner } from "../../../kubelet/prober/probe-runner.ts";

const well: ProbeResult = { ok: true, output: "" };

/**
 * Probes of simulated pods. Exec runs in the container. Network probes ask whoever listens; where the image is one that nobody knows,
 * it is taken for healthy unless it is scripted otherwise.
 */
export const simulatedProbes =
  (runtime: SimulatedRuntime, network: SimulatedNetwork, clock: Clock): ProbeRunner =>
  async (pod, container, containerId, probe, kind) => {
    const behavior = behaviorOf(pod.metadata.annotations ?? {}, container.name);
    const { startedAtMs = 0 } = await runtime.containerStatus(containerId);
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
    const { httpGet, tcpSocket, grpc } = probe;
    const address = httpGet?.host ?? tcpSocket?.host ?? pod.status?.podIP ?? "";
    const port = portOf(container, httpGet?.port ?? tcpSocket?.port ?? grpc?.port);
    const refused = `dial tcp ${address}:${port}: connect: connection refused`;
    if (scripted) return { ok: false, output: httpGet ? "HTTP probe failed with statuscode: 503" : refused };
    // A program that we run listens where it listens; of any other image we know nothing.
    const known = runtime.containers.get(containerId)?.process?.isScript === true;
    const connected = network.deliver(address, port);
    if (typeof connected === "string") {
      if (!known) return well;
      const place = `${httpGet?.scheme?.toLowerCase() ?? "http"}://${address}:${port}${httpGet?.path ?? "/"}`;
      return {
        ok: false,
        output: httpGet
          ? `Get "${place}": ${refused}`
          : grpc
            ? `timeout: failed to connect service "${address}:${port}" within ${probe.timeoutSeconds ?? 1}s: connection refused`
            : refused,
      };
    }
    if (tcpSocket) return well;
    const path = httpGet ? (httpGet.path ?? "/") : `/grpc.health.v1.Health/Check?service=${encodeURIComponent(grpc?.service ?? "")}`;
    const headers = Object.fromEntries((httpGet?.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value]));
    const late = new AbortController();
    const timeout = clock.sleep((probe.timeoutSeconds ?? 1) * 1000, late.signal).then(
      () => "late" as const,
      () => "late" as const,
    );
    const answer = await Promise.race([network.request(address, port, { method: "GET", path, headers }), timeout]);
    late.abort();
    if (answer === "late")
      return {
        ok: false,
        output: httpGet
          ? `Get "http://${address}:${port}${path}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
          : `timeout: health rpc did not complete within ${probe.timeoutSeconds ?? 1}s`,
      };
    if (grpc)
      return !known || answer?.body === "SERVING" ? well : { ok: false, output: `service unhealthy (responded with "NOT_SERVING")` };
    const code = answer?.code ?? 0;
    // A redirect to another host is a success with a warning, upstream says.
    return code >= 200 && (code < 400 || (!known && code === 404))
      ? well
      : { ok: false, output: `HTTP probe failed with statuscode: ${code}` };
  };
