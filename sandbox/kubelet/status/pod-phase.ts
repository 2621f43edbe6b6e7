import type { Container, Pod } from "../../api/types.ts";
import { isSidecar } from "../pod-facts.ts";
import { isExited, isRunning, newestOf, type RuntimePod } from "../runtime-pod.ts";

/** A pod's phase from its containers (upstream's getPhase; "Pod Lifecycle"). */
export const phaseOf = (pod: Pod, runtimePod: RuntimePod): "Pending" | "Running" | "Succeeded" | "Failed" => {
  const spec = pod.spec;
  const policy = spec.restartPolicy ?? "Always";
  const { failed, pending } = initOf(pod, runtimePod);
  if (failed) return "Failed";
  if (pending) return "Pending";
  let running = 0;
  let absent = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const container of spec.containers) {
    const newest = newestOf(runtimePod, container.name);
    if (isRunning(newest)) running++;
    else if (isExited(newest)) {
      stopped++;
      if (newest!.exitCode === 0) succeeded++;
    } else absent++;
  }
  if (absent > 0) return "Pending";
  if (running > 0) return "Running";
  if (stopped === 0) return "Pending";
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  const sidecarsRun = sidecars.some(({ name }) => isRunning(newestOf(runtimePod, name)));
  if (policy === "Always" || (sidecarsRun && policy !== "OnFailure" && sidecars.length > 0)) return "Running";
  if (stopped === succeeded) return sidecarsRun ? "Running" : "Succeeded";
  return policy === "Never" ? "Failed" : "Running";
};

const initOf = (pod: Pod, runtimePod: RuntimePod): { readonly failed: boolean; readonly pending: boolean } => {
  const spec = pod.spec;
  const mainsRan = spec.containers.some(({ name }) => newestOf(runtimePod, name));
  const one = (container: Container): "failed" | "pending" | "done" => {
    const newest = newestOf(runtimePod, container.name);
    if (isSidecar(container)) return isRunning(newest) || mainsRan ? "done" : "pending";
    if (isExited(newest)) return newest!.exitCode === 0 ? "done" : spec.restartPolicy === "Never" ? "failed" : "pending";
    return mainsRan ? "done" : "pending";
  };
  const states = (spec.initContainers ?? []).map(one);
  return { failed: states.includes("failed"), pending: states.includes("pending") };
};
