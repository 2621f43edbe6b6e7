import type { Container, Pod } from "../../api/types.ts";
import { quantityOf } from "../../apimachinery/quantity/parse.ts";
import type { ContainerConfig, LinuxResources, Mount, PodSandboxConfig } from "../../cri/cri.ts";
import { hostnameOf, isOnHostNetwork, logDirectoryOf, qosClassOf } from "../pod-facts.ts";
import { containerHash } from "../podworkers/pod-plan.ts";
import { annotations, labels } from "../runtime-pod.ts";
import { expanded } from "./expansion.ts";

export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** The sandbox of a pod, as CRI is told of it. */
export const sandboxConfig = (pod: Pod, attempt: number, nodeName: string, dns: DnsConfig): PodSandboxConfig => {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const security = pod.spec?.securityContext;
  const onHost = isOnHostNetwork(pod);
  return {
    metadata: { name, namespace, uid, attempt },
    hostname: hostnameOf(pod, nodeName),
    logDirectory: logDirectoryOf(pod),
    dnsConfig: dns,
    portMappings: onHost
      ? []
      : (pod.spec?.containers ?? []).flatMap(({ ports = [] }) =>
          ports
            .filter(({ hostPort }) => hostPort)
            .map((port) => ({
              protocol: (port.protocol ?? "TCP") as "TCP",
              containerPort: port.containerPort,
              hostPort: port.hostPort!,
              hostIp: port.hostIP ?? "",
            })),
        ),
    labels: { ...pod.metadata.labels, [labels.podName]: name, [labels.podNamespace]: namespace, [labels.podUid]: uid },
    annotations: pod.metadata.annotations ?? {},
    linux: {
      sysctls: Object.fromEntries((security?.sysctls ?? []).map((sysctl) => [sysctl.name, sysctl.value])),
      securityContext: {
        namespaceOptions: {
          network: onHost ? "NODE" : "POD",
          pid: pod.spec?.hostPID ? "NODE" : pod.spec?.shareProcessNamespace ? "POD" : "CONTAINER",
          ipc: pod.spec?.hostIPC ? "NODE" : "POD",
        },
        ...(security?.runAsUser !== undefined && { runAsUser: security.runAsUser }),
        supplementalGroups: [...(security?.fsGroup !== undefined ? [security.fsGroup] : []), ...(security?.supplementalGroups ?? [])],
        privileged: (pod.spec?.containers ?? []).some((container) => container.securityContext?.privileged),
      },
    },
  };
};

export interface ContainerSetting {
  readonly attempt: number;
  readonly environment: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  /** Bytes of memory the node has, for the OOM score. */
  readonly nodeMemory: number;
}

/** A container, as CRI is told of it. */
export const containerConfig = (
  pod: Pod,
  container: Container,
  { attempt, environment, mounts, nodeMemory }: ContainerSetting,
): ContainerConfig => {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const security = container.securityContext;
  const podSecurity = pod.spec?.securityContext;
  const runAsUser = security?.runAsUser ?? podSecurity?.runAsUser;
  const runAsGroup = security?.runAsGroup ?? podSecurity?.runAsGroup;
  const seccomp = security?.seccompProfile ?? podSecurity?.seccompProfile;
  return {
    metadata: { name: container.name, attempt },
    image: { image: container.image ?? "" },
    command: (container.command ?? []).map((word) => expanded(word, environment)),
    args: (container.args ?? []).map((word) => expanded(word, environment)),
    workingDir: container.workingDir ?? "",
    envs: [...environment].map(([key, value]) => ({ key, value })),
    mounts,
    labels: { [labels.containerName]: container.name, [labels.podName]: name, [labels.podNamespace]: namespace, [labels.podUid]: uid },
    annotations: {
      [annotations.hash]: containerHash(container),
      [annotations.restartCount]: String(attempt),
      [annotations.terminationMessagePath]: container.terminationMessagePath ?? "",
      [annotations.terminationMessagePolicy]: container.terminationMessagePolicy ?? "",
      ...(container.ports && container.ports.length > 0 && { [annotations.ports]: JSON.stringify(container.ports) }),
    },
    logPath: `${container.name}/${attempt}.log`,
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    linux: {
      resources: linuxResources(pod, container, nodeMemory),
      securityContext: {
        ...(security?.privileged !== undefined && { privileged: security.privileged }),
        ...(runAsUser !== undefined && { runAsUser }),
        ...(runAsGroup !== undefined && { runAsGroup }),
        ...(security?.readOnlyRootFilesystem !== undefined && { readonlyRootfs: security.readOnlyRootFilesystem }),
        noNewPrivs: security?.allowPrivilegeEscalation === false,
        supplementalGroups: [
          ...(podSecurity?.fsGroup !== undefined ? [podSecurity.fsGroup] : []),
          ...(podSecurity?.supplementalGroups ?? []),
        ],
        addCapabilities: security?.capabilities?.add ?? [],
        dropCapabilities: security?.capabilities?.drop ?? [],
        ...(seccomp && {
          seccomp:
            seccomp.type === "Localhost"
              ? { localhost: seccomp.localhostProfile ?? "" }
              : (seccomp.type as "RuntimeDefault" | "Unconfined"),
        }),
      },
    },
  };
};

/** Shares and quota from CPU, the memory limit, and how early the kernel's OOM killer takes the container ("Node-pressure Eviction"). */
export const linuxResources = (pod: Pod, { resources }: Container, nodeMemory: number): LinuxResources => {
  const milli = (text: string | number | undefined): number => (text === undefined ? 0 : quantityOf(text).milliValue());
  const cpuLimit = milli(resources?.limits?.["cpu"]);
  const cpuRequest = resources?.requests?.["cpu"] !== undefined ? milli(resources.requests["cpu"]) : cpuLimit;
  const memoryLimit = Math.ceil(milli(resources?.limits?.["memory"]) / 1000);
  const memoryRequest = resources?.requests?.["memory"] !== undefined ? milli(resources.requests["memory"]) / 1000 : memoryLimit;
  const qos = qosClassOf(pod);
  const share = 1000 - Math.floor((1000 * memoryRequest) / nodeMemory);
  return {
    cpuShares: Math.max(2, Math.min(262_144, Math.floor((cpuRequest * 1024) / 1000))),
    ...(cpuLimit > 0 && { cpuPeriod: 100_000, cpuQuota: Math.max(1000, cpuLimit * 100) }),
    ...(memoryLimit > 0 && { memoryLimitInBytes: memoryLimit }),
    oomScoreAdj: qos === "Guaranteed" ? -997 : qos === "BestEffort" ? 1000 : Math.min(999, Math.max(3, share)),
  };
};

/** The pod's /etc/hosts, as the kubelet manages it. */
export const hostsFile = (pod: Pod, podIPs: readonly string[], nodeName: string): string => {
  const hostname = hostnameOf(pod, nodeName);
  const { subdomain, hostAliases = [] } = pod.spec ?? {};
  const lines = [
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "fe00::0\tip6-mcastprefix",
    "fe00::1\tip6-allnodes",
    "fe00::2\tip6-allrouters",
  ];
  for (const ip of podIPs)
    lines.push(
      subdomain ? `${ip}\t${hostname}.${subdomain}.${pod.metadata.namespace ?? ""}.svc.cluster.local\t${hostname}` : `${ip}\t${hostname}`,
    );
  if (hostAliases.length > 0)
    lines.push("", "# Entries added by HostAliases.", ...hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}`));
  return `${lines.join("\n")}\n`;
};

/** The pod's resolver settings by its dnsPolicy ("DNS for Services and Pods"). */
export const dnsOf = (pod: Pod, clusterDns: string | undefined, node: DnsConfig): DnsConfig => {
  const { dnsPolicy = "ClusterFirst", dnsConfig } = pod.spec ?? {};
  const namespace = pod.metadata.namespace ?? "default";
  const usesCluster =
    clusterDns !== undefined && (dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !isOnHostNetwork(pod)));
  const searches = usesCluster
    ? [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local", ...node.searches]
    : dnsPolicy === "None"
      ? []
      : node.searches;
  const base: DnsConfig = usesCluster
    ? { servers: [clusterDns], searches, options: ["ndots:5"] }
    : dnsPolicy === "None"
      ? { servers: [], searches, options: [] }
      : node;
  const asked = (dnsConfig?.options ?? []).map(({ name = "", value }) => (value === undefined ? name : `${name}:${value}`));
  const overridden = new Set(asked.map((option) => option.split(":")[0]));
  return {
    servers: [...new Set([...base.servers, ...(dnsConfig?.nameservers ?? [])])],
    searches: [...new Set([...base.searches, ...(dnsConfig?.searches ?? [])])],
    options: [...base.options.filter((option) => !overridden.has(option.split(":")[0])), ...asked],
  };
};
