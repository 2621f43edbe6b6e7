import type { PodSpec } from "../../../../api/types.ts";
import { forbiddenField, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { visitContainers } from "./visit.ts";

const systems = ["linux", "windows"];

/** Fields of a pod that mean nothing to Windows, in upstream's order. */
const podFields = [
  "securityContext.appArmorProfile",
  "securityContext.seLinuxOptions",
  "hostUsers",
  "hostPID",
  "hostIPC",
  "securityContext.seccompProfile",
  "securityContext.fsGroup",
  "securityContext.fsGroupChangePolicy",
  "securityContext.sysctls",
  "shareProcessNamespace",
  "securityContext.runAsUser",
  "securityContext.runAsGroup",
  "securityContext.supplementalGroups",
  "securityContext.supplementalGroupsPolicy",
  "securityContext.seLinuxChangePolicy",
];

const containerFields = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
] as const;

/** Those that are no pointers upstream: their zero is as good as nothing. */
const plainFields: ReadonlySet<string> = new Set(["hostPID", "hostIPC"]);

/** validateOS, validateLinux and validateWindows: what an operating system has no word for may not be said to it. */
export const addOSErrors = (errors: FieldError[], spec: PodSpec, path: string): void => {
  if (!spec.os) return;
  const { name } = spec.os;
  if (!name) errors.push(required(`${path}.os.name`, "cannot be empty"));
  else if (!systems.includes(name)) errors.push(notSupported(`${path}.os`, name, systems));
  else if (name === "linux") addLinuxErrors(errors, spec, path);
  else addWindowsErrors(errors, spec, path);
};

const addLinuxErrors = (errors: FieldError[], spec: PodSpec, path: string): void => {
  const words = "windows options cannot be set for a linux pod";
  if (spec.securityContext?.windowsOptions) errors.push(forbiddenField(`${path}.securityContext.windowsOptions`, words));
  visitContainers(spec, path, ({ securityContext }, field) => {
    if (securityContext?.windowsOptions) errors.push(forbiddenField(`${field}.securityContext.windowsOptions`, words));
  });
};

const addWindowsErrors = (errors: FieldError[], spec: PodSpec, path: string): void => {
  const words = "cannot be set for a windows pod";
  for (const field of podFields) if (isSet(valueAt(spec, field), field)) errors.push(forbiddenField(`${path}.${field}`, words));
  visitContainers(spec, path, ({ securityContext }, containerPath) => {
    for (const field of containerFields)
      if (securityContext?.[field] !== undefined) errors.push(forbiddenField(`${containerPath}.securityContext.${field}`, words));
  });
};

const isSet = (value: unknown, field: string): boolean =>
  value !== undefined && !(plainFields.has(field) && value === false) && !(Array.isArray(value) && value.length === 0);

const valueAt = (spec: PodSpec, field: string): unknown => {
  const name = field.replace("securityContext.", "");
  const holder = name === field ? spec : (spec.securityContext ?? {});
  return (holder as Readonly<Record<string, unknown>>)[name];
};
