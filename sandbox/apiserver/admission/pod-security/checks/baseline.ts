import type { Container } from "../../../../api/types.ts";
import { containersOf, distinct, hasOwnUsers, named, plural, quotedNames, setters, type Check } from "../check.ts";
import { appArmorProfile } from "./app-armor-profile.ts";
import { seccompProfileBaseline } from "./seccomp-profile.ts";
import { seLinuxOptions } from "./se-linux-options.ts";

const defaultCapabilities: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

const capabilities: Check = {
  id: "capabilities_baseline",
  level: "baseline",
  since: 0,
  run(pod) {
    const added = (container: Container) =>
      (container.securityContext?.capabilities?.add ?? []).filter((each) => !defaultCapabilities.has(each));
    const bad = containersOf(pod).filter((container) => added(container).length > 0);
    if (bad.length === 0) return undefined;
    const values = quotedNames(distinct(bad.flatMap(added)));
    return {
      reason: "non-default capabilities",
      detail: `${named(...bad)} must not include ${values} in securityContext.capabilities.add`,
    };
  },
};

const hostNamespaces: Check = {
  id: "hostNamespaces",
  level: "baseline",
  since: 0,
  run({ spec }) {
    const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((name) => spec[name]);
    return shared.length > 0 ? { reason: "host namespaces", detail: shared.map((name) => `${name}=true`).join(", ") } : undefined;
  },
};

const hostPathVolumes: Check = {
  id: "hostPathVolumes",
  level: "baseline",
  since: 0,
  run({ spec }) {
    const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
    return bad.length > 0
      ? { reason: "hostPath volumes", detail: `${plural("volume", "volumes", bad.length)} ${quotedNames(bad)}` }
      : undefined;
  },
};

const hostPorts: Check = {
  id: "hostPorts",
  level: "baseline",
  since: 0,
  run(pod) {
    const portsOf = ({ ports }: Container) => (ports ?? []).map(({ hostPort = 0 }) => hostPort).filter((port) => port !== 0);
    const bad = containersOf(pod).filter((container) => portsOf(container).length > 0);
    if (bad.length === 0) return undefined;
    const ports = distinct(bad.flatMap(portsOf).map(String));
    const detail = `${named(...bad)} ${plural("uses", "use", bad.length)} ${plural("hostPort", "hostPorts", ports.length)} ${ports.join(", ")}`;
    return { reason: "hostPort", detail };
  },
};

const hostProbesAndHostLifecycle: Check = {
  id: "hostProbesAndHostLifecycle",
  level: "baseline",
  since: 34,
  run(pod) {
    const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container) =>
      [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
        .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
        .filter((host): host is string => host !== undefined && host !== "");
    const bad = containersOf(pod).filter((container) => hostsOf(container).length > 0);
    if (bad.length === 0) return undefined;
    const hosts = distinct(bad.flatMap(hostsOf));
    const what = plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.length);
    const names = distinct(bad.map(({ name }) => name));
    const who = `${plural("container", "containers", names.length)} ${quotedNames(names)}`;
    return { reason: "probe or lifecycle host", detail: `${who} ${plural("uses", "use", names.length)} ${what} ${quotedNames(hosts)}` };
  },
};

const privileged: Check = {
  id: "privileged",
  level: "baseline",
  since: 0,
  run(pod) {
    const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.privileged);
    return bad.length > 0 ? { reason: "privileged", detail: `${named(...bad)} must not set securityContext.privileged=true` } : undefined;
  },
};

const procMount: Check = {
  id: "procMount",
  level: "baseline",
  since: 0,
  run(pod, minor) {
    if (hasOwnUsers(pod, minor)) return undefined;
    const mountOf = ({ securityContext }: Container) => securityContext?.procMount ?? "Default";
    const bad = containersOf(pod).filter((container) => mountOf(container) !== "Default");
    if (bad.length === 0) return undefined;
    return {
      reason: "procMount",
      detail: `${named(...bad)} must not set securityContext.procMount to ${quotedNames(distinct(bad.map(mountOf)))}`,
    };
  },
};

/** Sysctls that stay within a pod, and the first minor release that calls them safe. */
const safeSysctls: Readonly<Record<string, number>> = {
  "kernel.shm_rmid_forced": 0,
  "net.ipv4.ip_local_port_range": 0,
  "net.ipv4.tcp_syncookies": 0,
  "net.ipv4.ping_group_range": 0,
  "net.ipv4.ip_unprivileged_port_start": 0,
  "net.ipv4.ip_local_reserved_ports": 27,
  "net.ipv4.tcp_keepalive_time": 29,
  "net.ipv4.tcp_fin_timeout": 29,
  "net.ipv4.tcp_keepalive_intvl": 29,
  "net.ipv4.tcp_keepalive_probes": 29,
  "net.ipv4.tcp_rmem": 32,
  "net.ipv4.tcp_wmem": 32,
};

const sysctls: Check = {
  id: "sysctls",
  level: "baseline",
  since: 0,
  run({ spec }, minor) {
    const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !(minor >= (safeSysctls[name] ?? Infinity)));
    return bad.length > 0 ? { reason: "forbidden sysctls", detail: bad.join(", ") } : undefined;
  },
};

const windowsHostProcess: Check = {
  id: "windowsHostProcess",
  level: "baseline",
  since: 0,
  run(pod) {
    const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess);
    const who = setters(pod.spec.securityContext?.windowsOptions?.hostProcess === true, bad);
    return who === undefined
      ? undefined
      : { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
  },
};

export const baselineChecks: readonly Check[] = [
  appArmorProfile,
  capabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
];
