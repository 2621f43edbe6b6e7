import type { Volume, VolumeDevice, VolumeMount } from "../../../../api/types.ts";
import {
  forbiddenField,
  invalidValue,
  missing,
  notSupported,
  required,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addBackstepErrors, addLocalPathErrors } from "./file-paths.ts";
import type { AnyContainer } from "./visit.ts";

type Volumes = ReadonlyMap<string, Volume>;

const propagations = ["Bidirectional", "HostToContainer", "None"];
const recursions = ["Disabled", "Enabled", "IfPossible"];

/** ValidateVolumeMounts and ValidateVolumeDevices. */
export const addVolumeUseErrors = (errors: FieldError[], container: AnyContainer, volumes: Volumes, path: string): void => {
  const { volumeMounts, volumeDevices } = container;
  if (volumeMounts) addMountErrors(errors, volumeMounts, volumeDevices ?? [], volumes, container, `${path}.volumeMounts`);
  if (volumeDevices) addDeviceErrors(errors, volumeDevices, volumeMounts ?? [], volumes, `${path}.volumeDevices`);
};

const addMountErrors = (
  errors: FieldError[],
  mounts: readonly VolumeMount[],
  devices: readonly VolumeDevice[],
  volumes: Volumes,
  container: AnyContainer,
  path: string,
): void => {
  const taken = new Set<string>();
  for (const [at, mount] of mounts.entries()) {
    const field = `${path}[${at}]`;
    const { name = "", mountPath = "", subPath, subPathExpr } = mount;
    if (name === "") errors.push(required(`${field}.name`));
    const volume = volumes.get(name);
    if (!volume) errors.push(missing(`${field}.name`, name));
    if (mountPath === "") errors.push(required(`${field}.mountPath`));
    if (taken.has(mountPath)) errors.push(invalidValue(`${field}.mountPath`, mountPath, "must be unique"));
    taken.add(mountPath);
    if (devices.some((device) => device.name === name))
      errors.push(invalidValue(`${field}.name`, name, "must not already exist in volumeDevices"));
    if (devices.some(({ devicePath }) => devicePath === mountPath))
      errors.push(invalidValue(`${field}.mountPath`, mountPath, "must not already exist as a path in volumeDevices"));
    if (volume?.image) {
      if (subPath) errors.push(invalidValue(`${field}.subPath`, subPath, "not allowed in image volume sources"));
      if (subPathExpr) errors.push(invalidValue(`${field}.subPathExpr`, subPathExpr, "not allowed in image volume sources"));
    }
    if (subPath) addLocalPathErrors(errors, `${path}.subPath`, subPath);
    if (subPathExpr) {
      if (subPath) errors.push(invalidValue(`${field}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      addLocalPathErrors(errors, `${path}.subPathExpr`, subPathExpr);
    }
    addPropagationErrors(errors, mount, container, path);
  }
};

/** Told at the list: upstream's oddity. */
const addPropagationErrors = (
  errors: FieldError[],
  { mountPropagation, recursiveReadOnly, readOnly }: VolumeMount,
  container: AnyContainer,
  path: string,
): void => {
  if (mountPropagation !== undefined) {
    if (!propagations.includes(mountPropagation)) errors.push(notSupported(`${path}.mountPropagation`, mountPropagation, propagations));
    if (mountPropagation === "Bidirectional" && !container.securityContext?.privileged)
      errors.push(forbiddenField(`${path}.mountPropagation`, "Bidirectional mount propagation is available only to privileged containers"));
  }
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return;
  const field = `${path}.recursiveReadOnly`;
  if (!recursions.includes(recursiveReadOnly)) {
    errors.push(notSupported(field, recursiveReadOnly, recursions));
    return;
  }
  if (!readOnly) errors.push(forbiddenField(field, "may only be specified when readOnly is true"));
  if (mountPropagation !== undefined && mountPropagation !== "None")
    errors.push(forbiddenField(field, "may only be specified when mountPropagation is None or not specified"));
};

const addDeviceErrors = (
  errors: FieldError[],
  devices: readonly VolumeDevice[],
  mounts: readonly VolumeMount[],
  volumes: Volumes,
  path: string,
): void => {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  for (const [at, { name = "", devicePath = "" }] of devices.entries()) {
    const field = `${path}[${at}]`;
    const volume = volumes.get(name);
    if (name === "") errors.push(required(`${field}.name`));
    if (names.has(name)) errors.push(invalidValue(`${field}.name`, name, "must be unique"));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      errors.push(
        invalidValue(`${field}.name`, name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"),
      );
    if (!volume) errors.push(missing(`${field}.name`, name));
    if (devicePath === "") errors.push(required(`${field}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalidValue(`${field}.devicePath`, devicePath, "must be unique"));
    if (climbs(devicePath)) errors.push(invalidValue(`${field}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name))
      errors.push(invalidValue(`${field}.name`, name, "must not already exist in volumeMounts"));
    if (mounts.some(({ mountPath }) => mountPath === devicePath))
      errors.push(invalidValue(`${field}.devicePath`, devicePath, "must not already exist as a path in volumeMounts"));
    if (name !== "") names.add(name);
  }
};

const climbs = (path: string): boolean => {
  const errors: FieldError[] = [];
  addBackstepErrors(errors, "", path);
  return errors.length > 0;
};
