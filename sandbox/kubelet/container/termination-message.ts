import type { ContainerStatus } from "../../cri/cri.ts";
import type { HostFiles } from "../../cri/host-files.ts";
import { parseLogLine } from "../../cri/log-line.ts";
import { annotations } from "../runtime-pod.ts";

/** Bytes of a container's own message; bytes and lines of the log that stands in for it. */
const mostOwn = 4096;
const mostLog = 2048;
const mostLines = 80;

const decoder = new TextDecoder();

/** The last words of a container that has ended ("Determine the Reason for Pod Failure"); undefined where there are none. */
export const terminationMessage = async (files: HostFiles, container: ContainerStatus): Promise<string | undefined> => {
  if (container.state !== "CONTAINER_EXITED") return undefined;
  const path = container.annotations[annotations.terminationMessagePath];
  const file = container.mounts.find(({ containerPath }) => containerPath === path)?.hostPath;
  const own = file === undefined ? undefined : await files.read(file);
  if (own && own.byteLength > 0) return decoder.decode(own.subarray(0, mostOwn));
  const fallsBack = container.annotations[annotations.terminationMessagePolicy] === "FallbackToLogsOnError";
  if (!fallsBack || container.exitCode === 0) return undefined;
  const log = await files.read(container.logPath);
  return log && log.byteLength > 0 ? lastOf(decoder.decode(log)) || undefined : undefined;
};

/** The end of a log, as its writer meant it. */
const lastOf = (log: string): string => {
  const lines = log.trimEnd().split("\n").slice(-mostLines).map(parseLogLine);
  const text = lines.map((line) => (line ? line.text + (line.partial ? "" : "\n") : "")).join("");
  return text.slice(-mostLog);
};
