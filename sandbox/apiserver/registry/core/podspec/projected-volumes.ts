import type {
  ClusterTrustBundleProjection,
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from "../../../../api/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { addSignerNameErrors } from "../../../../apimachinery/validation/signer-name.ts";
import { addFieldRefErrors, addResourceRefErrors, volumeFields } from "./downward-api.ts";
import { addFileModeErrors, addLocalUnreservedPathErrors } from "./file-paths.ts";
import type { PodRules } from "./options.ts";

/** validateKeyToPath: a key of a ConfigMap or Secret, and the file it becomes. */
export const addKeyToPathErrors = (errors: FieldError[], items: readonly KeyToPath[] | undefined, path: string): void => {
  items?.forEach((item, at) => {
    addItemErrors(errors, item, `${path}[${at}]`);
  });
};

const addItemErrors = (errors: FieldError[], { key, path: file = "", mode }: KeyToPath, path: string): void => {
  if (!key) errors.push(required(`${path}.key`));
  if (file === "") errors.push(required(`${path}.path`));
  addLocalUnreservedPathErrors(errors, `${path}.path`, file);
  addFileModeErrors(errors, `${path}.mode`, mode);
};

/** validateDownwardAPIVolumeFile. */
export const addDownwardFileErrors = (errors: FieldError[], file: DownwardAPIVolumeFile, path: string): void => {
  if (!file.path) errors.push(required(`${path}.path`));
  addLocalUnreservedPathErrors(errors, `${path}.path`, file.path ?? "");
  if (file.fieldRef) {
    addFieldRefErrors(errors, file.fieldRef, `${path}.fieldRef`, volumeFields);
    if (file.resourceFieldRef)
      errors.push(invalidValue(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (file.resourceFieldRef) addResourceRefErrors(errors, file.resourceFieldRef, `${path}.resourceFieldRef`, true);
  else errors.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  addFileModeErrors(errors, `${path}.mode`, file.mode);
};

const kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"] as const;

/** validateProjectedVolumeSource. */
export const addProjectedErrors = (
  errors: FieldError[],
  { defaultMode, sources }: ProjectedVolumeSource,
  path: string,
  rules: PodRules,
): void => {
  addFileModeErrors(errors, `${path}.defaultMode`, defaultMode);
  const files = new Set<string>();
  sources?.forEach((source, at) => {
    const field = `${path}.sources[${at}]`;
    addSourceErrors(errors, source, field, path, files, rules);
    if (kinds.filter((kind) => source[kind]).length > 1)
      errors.push(forbiddenField(field, "may not specify more than 1 volume type per source"));
  });
};

/** Conflicts are told at the volume, not at the source: upstream's oddity. */
const addSourceErrors = (
  errors: FieldError[],
  source: VolumeProjection,
  field: string,
  volume: string,
  files: Set<string>,
  rules: PodRules,
): void => {
  const take = (file: string, shown: string): void => {
    if (files.has(file)) errors.push(invalidValue(volume, shown, "conflicting duplicate paths"));
    files.add(file);
  };
  for (const kind of ["secret", "configMap"] as const) {
    const projection = source[kind];
    if (!projection) continue;
    if (!projection.name) errors.push(required(`${field}.${kind}.name`));
    projection.items?.forEach((item, at) => {
      addItemErrors(errors, item, `${field}.${kind}.items[${at}]`);
      if (item.path) take(item.path, projection.name ?? "");
    });
  }
  for (const file of source.downwardAPI?.items ?? []) {
    addDownwardFileErrors(errors, file, `${field}.downwardAPI`);
    if (file.path) take(file.path, file.path);
  }
  if (source.serviceAccountToken) addTokenErrors(errors, source.serviceAccountToken, `${field}.serviceAccountToken`, volume, rules);
  if (source.clusterTrustBundle) {
    addTrustBundleErrors(errors, source.clusterTrustBundle, `${field}.clusterTrustBundle`);
    take(source.clusterTrustBundle.path ?? "", source.clusterTrustBundle.path ?? "");
  }
};

const addTokenErrors = (
  errors: FieldError[],
  token: ServiceAccountTokenProjection,
  field: string,
  volume: string,
  rules: PodRules,
): void => {
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < 600) errors.push(invalidValue(`${field}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
  if (seconds > 2 ** 32)
    errors.push(invalidValue(`${field}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"));
  if (!token.path) errors.push(required(`${volume}.path`));
  else if (!rules.allowNonLocalTokenPath) addLocalUnreservedPathErrors(errors, `${volume}.path`, token.path);
};

const addTrustBundleErrors = (errors: FieldError[], bundle: ClusterTrustBundleProjection, field: string): void => {
  const { name, signerName, labelSelector, path = "" } = bundle;
  if (name !== undefined && signerName !== undefined)
    errors.push(invalidValue(field, bundle, "only one of name and signerName may be used"));
  else if (name !== undefined) {
    if (name === "") errors.push(required(`${field}.name`, "must be a valid object name"));
    for (const sentence of trustBundleNameSentences(name))
      errors.push(invalidValue(`${field}.name`, name, `not a valid clustertrustbundlename: ${sentence}`));
    if (labelSelector)
      errors.push(invalidValue(`${field}.labelSelector`, labelSelector, "labelSelector must be unset if name is specified"));
  } else if (signerName !== undefined) {
    if (signerName === "") errors.push(required(`${field}.signerName`, "must be a valid signer name"));
    addSignerNameErrors(errors, `${field}.signerName`, signerName);
    errors.push(...validateLabelSelector(labelSelector, `${field}.labelSelector`));
  } else errors.push(required(field, "either name or signerName must be specified"));
  if (path === "") errors.push(required(`${field}.path`));
  addLocalUnreservedPathErrors(errors, `${field}.path`, path);
};

/** `example.com:signer:name` belongs to the signer `example.com/signer`; any other name is a plain one (ValidateClusterTrustBundleName). */
const trustBundleNameSentences = (name: string): readonly string[] => nameIsDNSSubdomain(name.slice(name.lastIndexOf(":") + 1), false);
