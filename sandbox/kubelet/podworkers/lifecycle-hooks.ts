import type { Container, LifecycleHandler, Pod } from "../../api/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { ContainerRuntime } from "../../cri/cri.ts";
import { portOf } from "../prober/probe-runner.ts";

/** Sends a hook's HTTP request; the answer is its status code, undefined where nothing listens. */
export type HookRequest = (host: string, port: number, path: string) => Promise<number | undefined>;

/** Runs a postStart or preStop hook ("Container Lifecycle Hooks"). Answers what went wrong, or undefined. */
export const lifecycleHooks =
  (runtime: ContainerRuntime, clock: Clock, request: HookRequest) =>
  async (
    pod: Pod,
    container: Container,
    containerId: string,
    hook: "postStart" | "preStop",
    timeoutSeconds: number,
  ): Promise<string | undefined> => {
    const handler: LifecycleHandler | undefined = container.lifecycle?.[hook];
    if (!handler) return undefined;
    if (handler.sleep) {
      await clock.sleep(Math.min(handler.sleep.seconds, timeoutSeconds || handler.sleep.seconds) * 1000);
      return undefined;
    }
    try {
      if (handler.exec) {
        const { exitCode, stderr } = await runtime.runtime.execSync(containerId, handler.exec.command ?? [], timeoutSeconds);
        return exitCode === 0
          ? undefined
          : `Exec lifecycle hook (${(handler.exec.command ?? []).join(" ")}) for Container "${container.name}" in Pod failed - error: command exited with ${exitCode}: ${Buffer.from(stderr).toString("utf8")}`;
      }
      if (handler.httpGet) {
        const code = await request(
          handler.httpGet.host ?? pod.status?.podIP ?? "",
          portOf(container, handler.httpGet.port),
          handler.httpGet.path ?? "/",
        );
        return code !== undefined && code < 400
          ? undefined
          : `HTTP lifecycle hook (${handler.httpGet.path ?? "/"}) for Container "${container.name}" in Pod failed`;
      }
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
