import type { ContainerStatus, Pod, PodSpec, PodStatus } from "../../../../api/types.ts";
import {
  duplicate,
  forbiddenField,
  goStrings,
  invalidValue,
  notSupported,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidIP, parseIP } from "../../../../apimachinery/validation/ip.ts";
import { isQualifiedName, isValidGroupID, isValidUserID, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { addPodAnnotationUpdateErrors } from "../podspec/annotations.ts";
import type { PodRules } from "../podspec/options.ts";

const systemConditions: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

/** ValidatePodStatusUpdate: what a kubelet may not say of a pod. */
export const validatePodStatusUpdate = (next: Pod, previous: Pod, rules: PodRules): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  const [status, old]: [PodStatus, PodStatus] = [next.status ?? {}, previous.status ?? {}];
  const { spec } = next;
  addPodAnnotationUpdateErrors(errors, next.metadata.annotations, previous.metadata.annotations, spec, "metadata.annotations", rules);
  status.conditions?.forEach(({ type = "" }, at) => {
    if (!systemConditions.has(type)) addInvalid(errors, `metadata.conditions[${at}].Type`, type, isQualifiedName(type));
  });
  if ((spec.nodeName ?? "") !== (previous.spec.nodeName ?? ""))
    errors.push(forbiddenField("status.nodeName", "may not be changed directly"));
  const nominated = status.nominatedNodeName;
  if (nominated && nominated !== old.nominatedNodeName)
    addInvalid(errors, "status.nominatedNodeName", nominated, nameIsDNSSubdomain(nominated, false));
  addImmutable(errors, "status.qosClass", status.qosClass ?? "", old.qosClass ?? "");
  const restart = previous.spec.restartPolicy ?? "";
  addTransitionErrors(errors, status.containerStatuses, old.containerStatuses, "status.containerStatuses", restart);
  addTransitionErrors(
    errors,
    status.initContainerStatuses,
    old.initContainerStatuses,
    "status.initContainerStatuses",
    restart,
    previous.spec,
  );
  addTransitionErrors(
    errors,
    status.ephemeralContainerStatuses,
    old.ephemeralContainerStatuses,
    "status.ephemeralContainerStatuses",
    "Never",
  );
  addClaimStatusErrors(errors, status, spec);
  addAddressErrors(errors, status);
  for (const list of ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const)
    addUserErrors(errors, status[list], `status.${list}`, spec.os?.name ?? "linux");
  addHealthErrors(errors, status.containerStatuses, "status.containerStatuses", spec.containers);
  addHealthErrors(errors, status.initContainerStatuses, "status.initContainerStatuses", spec.initContainers);
  status.ephemeralContainerStatuses?.forEach(({ allocatedResourcesStatus }, at) => {
    if (allocatedResourcesStatus?.length)
      errors.push(
        forbiddenField(`status.ephemeralContainerStatuses[${at}].allocatedResourcesStatus`, "must not be specified in container status"),
      );
  });
  return errors;
};

/** What has ended for good does not run again (ValidateContainerStateTransition). */
const addTransitionErrors = (
  errors: FieldError[],
  next: readonly ContainerStatus[] | undefined,
  previous: readonly ContainerStatus[] | undefined,
  path: string,
  restartPolicy: string,
  sidecarsOf?: PodSpec,
): void => {
  if (restartPolicy === "Always") return;
  for (const [at, { name, state }] of (previous ?? []).entries()) {
    if (!state?.terminated || (state.terminated.exitCode !== 0 && restartPolicy === "OnFailure")) continue;
    if (sidecarsOf?.initContainers?.find((container) => container.name === name)?.restartPolicy === "Always") continue;
    for (const status of next ?? [])
      if (status.name === name && !status.state?.terminated)
        errors.push(forbiddenField(`${path}[${at}].state`, "may not be transitioned to non-terminated state"));
  }
};

const addClaimStatusErrors = (errors: FieldError[], { resourceClaimStatuses }: PodStatus, { resourceClaims }: PodSpec): void => {
  const names = new Set<string>();
  for (const [at, { name, resourceClaimName }] of (resourceClaimStatuses ?? []).entries()) {
    const path = `status.resourceClaimStatuses[${at}].name`;
    if (!resourceClaims?.some((claim) => claim.name === name))
      errors.push(invalidValue(path, name, "must match the name of an entry in `spec.resourceClaims`"));
    if (names.has(name)) errors.push(duplicate(path, name));
    names.add(name);
    if (resourceClaimName !== undefined) addInvalid(errors, path, resourceClaimName, nameIsDNSSubdomain(resourceClaimName, false));
  }
};

/** At most one address of each family, none twice (validatePodIPs, validateHostIPs). */
const addAddressErrors = (errors: FieldError[], { podIPs = [], hostIP = "", hostIPs = [] }: PodStatus): void => {
  for (const [at, { ip = "" }] of podIPs.entries()) addInvalid(errors, `status.podIPs[${at}]`, ip, isValidIP(ip));
  addFamilyErrors(errors, podIPs, "status.podIPs");
  if (hostIPs[0] && hostIP !== (hostIPs[0].ip ?? ""))
    errors.push(invalidValue("status.hostIPs[0].ip", hostIPs[0].ip ?? "", "must be equal to `hostIP`"));
  for (const [at, { ip = "" }] of hostIPs.entries()) addInvalid(errors, `status.hostIPs[${at}]`, ip, isValidIP(ip));
  addFamilyErrors(errors, hostIPs, "status.hostIPs");
};

const addFamilyErrors = (errors: FieldError[], addresses: readonly { readonly ip?: string }[], path: string): void => {
  if (addresses.length < 2) return;
  const texts = addresses.map(({ ip = "" }) => ip);
  const families = new Set(texts.map((ip) => parseIP(ip)?.family));
  if (families.size !== 2 || families.has(undefined) || texts.length > 2)
    errors.push(invalidValue(path, goStrings(texts), "may specify no more than one IP for each IP family"));
  for (const [at, ip] of texts.entries()) if (texts.indexOf(ip) < at) errors.push(duplicate(`${path}[${at}]`, { ip }));
};

const addUserErrors = (errors: FieldError[], statuses: readonly ContainerStatus[] | undefined, path: string, os: string): void => {
  statuses?.forEach(({ user }, at) => {
    const linux = user?.linux;
    if (!linux) return;
    const field = `${path}[${at}].linux`;
    if (os === "windows") errors.push(forbiddenField(field, "cannot be set for a windows pod"));
    if (os !== "linux") return;
    addInvalid(errors, `${field}.uid`, linux.uid, isValidUserID(linux.uid));
    addInvalid(errors, `${field}.gid`, linux.gid, isValidGroupID(linux.gid));
    linux.supplementalGroups?.forEach((group, groupAt) => {
      addInvalid(errors, `${field}.supplementalGroups[${groupAt}]`, group, isValidGroupID(group));
    });
  });
};

const healths = ["Healthy", "Unhealthy", "Unknown"];

/** validateContainerStatusAllocatedResourcesStatus. */
const addHealthErrors = (
  errors: FieldError[],
  statuses: readonly ContainerStatus[] | undefined,
  path: string,
  containers: PodSpec["containers"] | undefined,
): void => {
  for (const [at, { name, allocatedResourcesStatus }] of (statuses ?? []).entries()) {
    const resources = containers?.find((container) => container.name === name)?.resources;
    for (const [resourceAt, allocated] of (allocatedResourcesStatus ?? []).entries()) {
      const field = `${path}[${at}].allocatedResourcesStatus[${resourceAt}]`;
      const isClaim = allocated.name.startsWith("claim:");
      const claims = (resources?.claims ?? []).map((claim) => `claim:${claim.name}${claim.request ? `/${claim.request}` : ""}`);
      const known = isClaim ? claims : Object.keys(resources?.requests ?? {});
      const words = isClaim
        ? "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
        : "must match one of the container's resource requests";
      if (containers?.some((container) => container.name === name) && !known.includes(allocated.name))
        errors.push(invalidValue(`${field}.name`, allocated.name, words));
      const ids = new Set<string>();
      for (const [healthAt, { health = "", resourceID }] of (allocated.resources ?? []).entries()) {
        if (!healths.includes(health)) errors.push(notSupported(`${field}.resources[${healthAt}].health`, health, healths));
        if (ids.has(resourceID)) errors.push(duplicate(`${field}.resources[${healthAt}].resourceID`, resourceID));
        ids.add(resourceID);
      }
    }
  }
};
