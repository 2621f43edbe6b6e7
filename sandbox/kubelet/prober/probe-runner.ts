import type { Container, Pod, Probe } from "../../api/types.ts";
import type { ContainerRuntime } from "../../cri/cri.ts";

export interface ProbeResult {
  readonly ok: boolean;
  /** In upstream's words: what the event says after `… probe failed: `. */
  readonly output: string;
}

/** Runs one probe once. HTTP, TCP and gRPC differ between real and simulated nodes; exec goes through the runtime. */
export type ProbeRunner = (
  pod: Pod,
  container: Container,
  containerId: string,
  probe: Probe,
  kind: "liveness" | "readiness" | "startup",
) => Promise<ProbeResult>;

/** Exec probes, for every runtime. */
export const execProbe = async ({ runtime }: ContainerRuntime, containerId: string, probe: Probe): Promise<ProbeResult> => {
  const command = probe.exec?.command ?? [];
  try {
    const { exitCode, stdout, stderr } = await runtime.execSync(containerId, command, probe.timeoutSeconds ?? 1);
    const output = Buffer.concat([stdout, stderr]).toString("utf8").slice(0, 10_240);
    return { ok: exitCode === 0, output };
  } catch (error) {
    return { ok: false, output: `command ${JSON.stringify(command.join(" "))} timed out: ${(error as Error).message}` };
  }
};

/** A probe's port: a number, or the name of one of the container's. */
export const portOf = (container: Container, port: number | string | undefined): number => {
  if (typeof port === "number") return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port ?? 0);
};
