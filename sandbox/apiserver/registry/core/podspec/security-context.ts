import type { PodSpec, SecurityContext } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, notSupported, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidGroupID, isValidUserID } from "../../../../apimachinery/validation/names.ts";
import type { PodRules } from "./options.ts";
import { addAppArmorProfileErrors, addSeccompProfileErrors } from "./profiles.ts";
import { addSysctlErrors } from "./sysctls.ts";
import { addWindowsOptionsErrors } from "./windows.ts";

const procMounts = ["Default", "Unmasked"];
const groupChangePolicies = ["Always", "OnRootMismatch"];
const supplementalPolicies = ["Merge", "Strict"];
const seLinuxPolicies = ["MountOption", "Recursive"];

/** ValidateSecurityContext: of a container. */
export const addSecurityContextErrors = (errors: FieldError[], context: SecurityContext, path: string, hostUsers: boolean): void => {
  const { privileged, runAsUser, runAsGroup, procMount, capabilities } = context;
  if (runAsUser !== undefined) addInvalid(errors, `${path}.runAsUser`, runAsUser, isValidUserID(runAsUser));
  if (runAsGroup !== undefined) addInvalid(errors, `${path}.runAsGroup`, runAsGroup, isValidGroupID(runAsGroup));
  if (procMount !== undefined) {
    if (!procMounts.includes(procMount)) errors.push(notSupported(`${path}.procMount`, procMount, procMounts));
    if (hostUsers && procMount === "Unmasked")
      errors.push(invalidValue(`${path}.procMount`, procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  addSeccompProfileErrors(errors, context.seccompProfile, `${path}.seccompProfile`);
  if (context.allowPrivilegeEscalation === false) {
    if (privileged) errors.push(invalidValue(path, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    for (const capability of capabilities?.add ?? [])
      if (capability === "CAP_SYS_ADMIN")
        errors.push(invalidValue(path, context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"));
  }
  addWindowsOptionsErrors(errors, context.windowsOptions, `${path}.windowsOptions`);
  addAppArmorProfileErrors(errors, context.appArmorProfile, `${path}.appArmorProfile`);
};

/** validatePodSpecSecurityContext. */
export const addPodSecurityContextErrors = (errors: FieldError[], spec: PodSpec, path: string, rules: PodRules): void => {
  const context = spec.securityContext;
  if (!context) return;
  const { fsGroup, runAsUser, runAsGroup, supplementalGroups, fsGroupChangePolicy, supplementalGroupsPolicy, seLinuxChangePolicy } =
    context;
  if (fsGroup !== undefined) addInvalid(errors, `${path}.fsGroup`, fsGroup, isValidGroupID(fsGroup));
  if (runAsUser !== undefined) addInvalid(errors, `${path}.runAsUser`, runAsUser, isValidUserID(runAsUser));
  if (runAsGroup !== undefined) addInvalid(errors, `${path}.runAsGroup`, runAsGroup, isValidGroupID(runAsGroup));
  supplementalGroups?.forEach((group, at) => {
    addInvalid(errors, `${path}.supplementalGroups[${at}]`, group, isValidGroupID(group));
  });
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(invalidValue(`${path}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled"));
  if (context.sysctls) addSysctlErrors(errors, context.sysctls, spec, `${path}.sysctls`, rules.allowNamespacedSysctls);
  if (fsGroupChangePolicy !== undefined && !groupChangePolicies.includes(fsGroupChangePolicy))
    errors.push(notSupported(`${path}.fsGroupChangePolicy`, fsGroupChangePolicy, groupChangePolicies));
  addSeccompProfileErrors(errors, context.seccompProfile, `${path}.seccompProfile`);
  addWindowsOptionsErrors(errors, context.windowsOptions, `${path}.windowsOptions`);
  addAppArmorProfileErrors(errors, context.appArmorProfile, `${path}.appArmorProfile`);
  if (supplementalGroupsPolicy !== undefined && !supplementalPolicies.includes(supplementalGroupsPolicy))
    errors.push(notSupported(`${path}.supplementalGroupsPolicy`, supplementalGroupsPolicy, supplementalPolicies));
  if (seLinuxChangePolicy !== undefined && !seLinuxPolicies.includes(seLinuxChangePolicy))
    errors.push(notSupported(`${path}.seLinuxChangePolicy`, seLinuxChangePolicy, seLinuxPolicies));
};

/** validateHostUsers: who has users of its own shares none of the node's other namespaces. */
export const addHostUsersErrors = (errors: FieldError[], { hostUsers, hostNetwork, hostPID, hostIPC }: PodSpec, path: string): void => {
  if (hostUsers !== false) return;
  const words = "when `pod.Spec.HostUsers` is false";
  if (hostNetwork) errors.push(forbiddenField(`${path}.hostNetwork`, words));
  if (hostPID) errors.push(forbiddenField(`${path}.HostPID`, words));
  if (hostIPC) errors.push(forbiddenField(`${path}.HostIPC`, words));
};
