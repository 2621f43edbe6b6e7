import type { Container, Pod } from "../api/types.ts";
import { quantityOf } from "../apimachinery/quantity/parse.ts";

/** A pod's quality of service: Guaranteed, Burstable or BestEffort ("Configure Quality of Service for Pods"). */
export const qosClassOf = ({ spec }: Pod): "Guaranteed" | "Burstable" | "BestEffort" => {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  let any = false;
  let guaranteed = true;
  for (const { resources } of containers) {
    for (const name of ["cpu", "memory"]) {
      const limit = amount(resources?.limits?.[name]);
      const request = amount(resources?.requests?.[name] ?? resources?.limits?.[name]);
      any ||= request > 0 || limit > 0;
      guaranteed &&= limit > 0 && request === limit;
    }
  }
  return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
};

const amount = (text: string | number | undefined): number => (text === undefined ? 0 : quantityOf(text).milliValue());

/** An init container that keeps running beside the main ones (KEP-753, sidecar containers). */
export const isSidecar = ({ restartPolicy }: Pick<Container, "restartPolicy">): boolean => restartPolicy === "Always";

export const isOnHostNetwork = ({ spec }: Pod): boolean => spec?.hostNetwork === true;

/** The name the pod's processes see as their host's. */
export const hostnameOf = ({ metadata, spec }: Pod, nodeName: string): string =>
  spec?.hostNetwork ? nodeName : (spec?.hostname || (metadata.name ?? "")).slice(0, 63).replace(/[-.]+$/, "");

/** `name_namespace(uid)`: how the kubelet names a pod in its messages. */
export const describedPod = ({ metadata }: Pod): string => `${metadata.name ?? ""}_${metadata.namespace ?? ""}(${metadata.uid ?? ""})`;

/** `/var/log/pods/…`, the pod's log folder on its node. */
export const logDirectoryOf = ({ metadata }: Pod): string =>
  `/var/log/pods/${metadata.namespace ?? ""}_${metadata.name ?? ""}_${metadata.uid ?? ""}`;

/** The pod's own folder on its node. */
export const podDirectoryOf = ({ metadata }: Pod): string => `/var/lib/kubelet/pods/${metadata.uid ?? ""}`;

/** Where one attempt of a container leaves its last words. */
export const terminationLogOf = (pod: Pod, container: string, attempt: number): string =>
  `${podDirectoryOf(pod)}/containers/${container}/${attempt}`;

/** Seconds that the pod has to end once it is deleted. */
export const graceSecondsOf = ({ metadata, spec }: Pod): number =>
  metadata.deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30;

export const isFinished = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";
