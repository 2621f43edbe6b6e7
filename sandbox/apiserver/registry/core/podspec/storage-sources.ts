import type {
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlexPersistentVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GlusterfsVolumeSource,
  HostPathVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
  ScaleIOPersistentVolumeSource,
  ScaleIOVolumeSource,
  StorageOSPersistentVolumeSource,
  StorageOSVolumeSource,
} from "../../../../api/types.ts";
import {
  goStrings,
  invalidValue,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, isDNS1123Subdomain, rangeSentence } from "../../../../apimachinery/validation/names.ts";
import { addBackstepErrors } from "./file-paths.ts";
import { isHostPort } from "./host-port.ts";

/** Sources of volumes that pods and PersistentVolumes have in common. */

/** Each field that is not given is an error. */
export const addRequired = (errors: FieldError[], path: string, source: object, ...fields: readonly string[]): void => {
  for (const field of fields) {
    const value = (source as Readonly<Record<string, unknown>>)[field];
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0))
      errors.push(required(`${path}.${field}`));
  }
};

const hostPathTypes = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

export const addHostPathErrors = (errors: FieldError[], { path: hostPath, type }: HostPathVolumeSource, path: string): void => {
  if (!hostPath) {
    errors.push(required(`${path}.path`));
    return;
  }
  addBackstepErrors(errors, `${path}.path`, hostPath);
  if (type !== undefined && !hostPathTypes.includes(type)) errors.push(notSupported(`${path}.type`, type, hostPathTypes));
};

export const addPartitionErrors = (errors: FieldError[], partition = 0, path: string): void => {
  if (partition < 0 || partition > 255) errors.push(invalidValue(`${path}.partition`, partition, rangeSentence(1, 255)));
};

export const addNFSErrors = (errors: FieldError[], source: NFSVolumeSource, path: string): void => {
  addRequired(errors, path, source, "server", "path");
  if (!(source.path ?? "").startsWith("/")) errors.push(invalidValue(`${path}.path`, source.path ?? "", "must be an absolute path"));
};

const registrySentence = "must be a host:port pair or multiple pairs separated by commas";

export const addQuobyteErrors = (errors: FieldError[], source: QuobyteVolumeSource, path: string): void => {
  if (!source.registry) errors.push(required(`${path}.registry`, registrySentence));
  else if (bytesOf(source.tenant ?? "") >= 65)
    errors.push(required(`${path}.tenant`, "must be a UUID and may not exceed a length of 64 characters"));
  else
    for (const pair of source.registry.split(","))
      if (!isHostPort(pair)) errors.push(invalidValue(`${path}.registry`, source.registry, registrySentence));
  addRequired(errors, path, source, "volume");
};

export const addGlusterfsErrors = (errors: FieldError[], source: GlusterfsVolumeSource, path: string): void =>
  addRequired(errors, path, source, "endpoints", "path");

export const addFlockerErrors = (errors: FieldError[], { datasetName = "", datasetUUID = "" }: FlockerVolumeSource, path: string): void => {
  if (datasetName === "" && datasetUUID === "") errors.push(required(path, "one of datasetName and datasetUUID is required"));
  if (datasetName !== "" && datasetUUID !== "")
    errors.push(invalidValue(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"));
  if (datasetName.includes("/")) errors.push(invalidValue(`${path}.datasetName`, datasetName, "must not contain '/'"));
};

export const addFCErrors = (errors: FieldError[], { targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: string): void => {
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(required(`${path}.targetWWNs`, "must specify either targetWWNs or wwids, but not both"));
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(invalidValue(`${path}.targetWWNs`, goStrings(targetWWNs), "targetWWNs and wwids can not be specified simultaneously"));
  if (targetWWNs.length === 0) return;
  if (lun === undefined) errors.push(required(`${path}.lun`, "lun is required if targetWWNs is specified"));
  else if (lun < 0 || lun > 255) errors.push(invalidValue(`${path}.lun`, lun, rangeSentence(0, 255)));
};

export const addFlexErrors = (errors: FieldError[], source: FlexVolumeSource | FlexPersistentVolumeSource, path: string): void => {
  addRequired(errors, path, source, "driver");
  for (const key of Object.keys(source.options ?? {})) {
    const domain = `.${(key.split("/", 1)[0] ?? "").toLowerCase()}`;
    if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io"))
      errors.push(invalidValue(`${path}.options[${key}]`, key, "kubernetes.io and k8s.io namespaces are reserved"));
  }
};

const cachingModes = ["None", "ReadOnly", "ReadWrite"];
const diskKinds = ["Dedicated", "Managed", "Shared"];

export const addAzureDiskErrors = (errors: FieldError[], source: AzureDiskVolumeSource, path: string): void => {
  addRequired(errors, path, source, "diskName", "diskURI");
  const { cachingMode, kind, diskURI = "" } = source;
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode))
    errors.push(notSupported(`${path}.cachingMode`, cachingMode, cachingModes));
  if (kind !== undefined && !diskKinds.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, diskKinds));
  const managed = ["/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"];
  const blob = ["https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"];
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/")) errors.push(notSupported(`${path}.diskURI`, diskURI, managed));
  if (kind !== undefined && kind !== "Managed" && !diskURI.startsWith("https://"))
    errors.push(notSupported(`${path}.diskURI`, diskURI, blob));
};

export const addScaleIOErrors = (errors: FieldError[], source: ScaleIOVolumeSource | ScaleIOPersistentVolumeSource, path: string): void =>
  addRequired(errors, path, source, "gateway", "system", "volumeName");

export const addStorageOSErrors = (
  errors: FieldError[],
  source: StorageOSVolumeSource | StorageOSPersistentVolumeSource,
  path: string,
): void => {
  if (!source.volumeName) errors.push(required(`${path}.volumeName`));
  else addInvalid(errors, `${path}.volumeName`, source.volumeName, isDNS1123Label(source.volumeName));
  if (source.volumeNamespace) addInvalid(errors, `${path}.volumeNamespace`, source.volumeNamespace, isDNS1123Label(source.volumeNamespace));
  if (source.secretRef) addRequired(errors, `${path}.secretRef`, source.secretRef, "name");
};

/** ValidateCSIDriverName: a DNS name but for its case. */
export const addCSIDriverNameErrors = (errors: FieldError[], driver = "", path: string): void => {
  if (driver === "") errors.push(required(path));
  if (bytesOf(driver) > 63) errors.push(tooLong(path, 63));
  addInvalid(errors, path, driver, isDNS1123Subdomain(driver.toLowerCase()));
};
