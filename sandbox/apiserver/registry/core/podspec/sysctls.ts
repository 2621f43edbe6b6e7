import type { PodSpec, Sysctl } from "../../../../api/types.ts";
import { duplicate, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";

const segment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const pattern = `^(${segment}[\\./])*${segment}$`;
/** Says the same as the pattern, in time proportional to the name's length. */
const isSysctlName = (name: string): boolean =>
  name.length <= 253 && name.split(/[./]/).every((part) => /^[a-z0-9]$|^[a-z0-9][-_a-z0-9]*[a-z0-9]$/.test(part));

const ipcNames = ["kernel.shm", "kernel.msg", "fs.mqueue."];

/** The kernel namespace that a sysctl belongs to, when it has one of its own. */
const namespaceOf = (sysctl: string): "ipc" | "net" | undefined => {
  const firstSeparator = /[./]/.exec(sysctl)?.[0];
  const name = firstSeparator === "/" ? sysctl.replaceAll(/[./]/g, (separator) => (separator === "." ? "/" : ".")) : sysctl;
  if (name === "kernel.sem" || ipcNames.some((prefix) => name.startsWith(prefix))) return "ipc";
  return name.startsWith("net.") ? "net" : undefined;
};

/** The error of setting a sysctl in a namespace that the pod shares with its node (ValidateHostSysctl). */
export const sysctlNamespaceError = (sysctl: string, { hostNetwork, hostIPC }: PodSpec, path: string): FieldError | undefined => {
  const namespace = namespaceOf(sysctl);
  if (hostNetwork && namespace === "net") return invalidValue(path, sysctl, "may not be specified when 'hostNetwork' is true");
  if (hostIPC && namespace === "ipc") return invalidValue(path, sysctl, "may not be specified when 'hostIPC' is true");
  return undefined;
};

/** validateSysctls. */
export const addSysctlErrors = (
  errors: FieldError[],
  sysctls: readonly Sysctl[],
  spec: PodSpec,
  path: string,
  allowNamespaced: boolean,
): void => {
  const seen = new Set<string>();
  for (const [at, { name = "" }] of sysctls.entries()) {
    const field = `${path}[${at}].name`;
    if (name === "") errors.push(required(field));
    else if (!isSysctlName(name)) errors.push(invalidValue(field, name, `must have at most 253 characters and match regex ${pattern}`));
    else if (seen.has(name)) errors.push(duplicate(field, name));
    const shared = allowNamespaced ? undefined : sysctlNamespaceError(name, spec, field);
    if (shared) errors.push(shared);
    seen.add(name);
  }
};
