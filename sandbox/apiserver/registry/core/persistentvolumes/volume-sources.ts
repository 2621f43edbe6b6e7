import type { CSIPersistentVolumeSource, PersistentVolumeSpec, SecretReference } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, isDNS1123Subdomain, nameIsDNSLabel } from "../../../../apimachinery/validation/names.ts";
import { addBackstepErrors } from "../podspec/file-paths.ts";
import { addISCSIPersistentErrors } from "../podspec/iscsi.ts";
import * as storage from "../podspec/storage-sources.ts";

type Spec = PersistentVolumeSpec;

/** Fields of a PersistentVolume that say where its data are, in upstream's order. */
export const sourceNames = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const;

type SourceName = (typeof sourceNames)[number];
type Check<Name extends SourceName> = (
  errors: FieldError[],
  source: NonNullable<Spec[Name]>,
  path: string,
  spec: Spec,
  name: string,
) => void;

const needs =
  (...fields: readonly string[]) =>
  (errors: FieldError[], source: object, path: string): void =>
    storage.addRequired(errors, path, source, ...fields);

const checks: { readonly [Name in SourceName]: Check<Name> } = {
  hostPath: storage.addHostPathErrors,
  gcePersistentDisk: (errors, source, path) => {
    storage.addRequired(errors, path, source, "pdName");
    storage.addPartitionErrors(errors, source.partition, path);
  },
  awsElasticBlockStore: (errors, source, path) => {
    storage.addRequired(errors, path, source, "volumeID");
    storage.addPartitionErrors(errors, source.partition, path);
  },
  glusterfs: (errors, source, path) => {
    storage.addGlusterfsErrors(errors, source, path);
    const { endpointsNamespace: namespace } = source;
    if (namespace === "")
      errors.push(invalidValue(`${path}.endpointsNamespace`, "", "if the endpointnamespace is set, it must be a valid namespace name"));
    else if (namespace !== undefined) addInvalid(errors, `${path}.endpointsNamespace`, namespace, nameIsDNSLabel(namespace, false));
  },
  flocker: storage.addFlockerErrors,
  nfs: storage.addNFSErrors,
  rbd: needs("monitors", "image"),
  quobyte: storage.addQuobyteErrors,
  cephfs: needs("monitors"),
  iscsi: (errors, source, path, _spec, name) => addISCSIPersistentErrors(errors, source, name, path),
  cinder: (errors, source, path) => {
    storage.addRequired(errors, path, source, "volumeID");
    if (source.secretRef) storage.addRequired(errors, `${path}.secretRef`, source.secretRef, "name", "namespace");
  },
  fc: storage.addFCErrors,
  flexVolume: storage.addFlexErrors,
  azureFile: (errors, source, path) => {
    storage.addRequired(errors, path, source, "secretName", "shareName");
    if (source.secretNamespace === "") errors.push(required(`${path}.secretNamespace`));
  },
  vsphereVolume: needs("volumePath"),
  photonPersistentDisk: needs("pdID"),
  portworxVolume: needs("volumeID"),
  azureDisk: storage.addAzureDiskErrors,
  scaleIO: storage.addScaleIOErrors,
  local: (errors, source, path, { nodeAffinity }) => {
    if (source.path) addBackstepErrors(errors, `${path}.path`, source.path);
    else errors.push(required(`${path}.path`));
    if (!nodeAffinity) errors.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
  },
  storageos: (errors, source, path) => {
    storage.addStorageOSErrors(errors, source, path);
    if (source.secretRef && !source.secretRef.namespace) errors.push(required(`${path}.secretRef.namespace`));
  },
  csi: (errors, source, path) => addCSIErrors(errors, source, path),
};

const secretReferences = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
] as const;

const addCSIErrors = (errors: FieldError[], source: CSIPersistentVolumeSource, path: string): void => {
  storage.addCSIDriverNameErrors(errors, source.driver, `${path}.driver`);
  storage.addRequired(errors, path, source, "volumeHandle");
  for (const field of secretReferences) {
    const reference = source[field];
    if (reference) addSecretReferenceErrors(errors, reference, `${path}.${field}`);
  }
};

const addSecretReferenceErrors = (errors: FieldError[], { name, namespace }: SecretReference, path: string): void => {
  if (!name) errors.push(required(`${path}.name`));
  else addInvalid(errors, `${path}.name`, name, isDNS1123Subdomain(name));
  if (!namespace) errors.push(required(`${path}.namespace`));
  else addInvalid(errors, `${path}.namespace`, namespace, isDNS1123Label(namespace));
};

/** Names in paths, where upstream's differ from the field's: of the source itself, and of one too many. */
const pathOf: Readonly<Partial<Record<SourceName, string>>> = { gcePersistentDisk: "persistentDisk" };
const surplusPathOf: Readonly<Partial<Record<SourceName, string>>> = { cephfs: "cephFS" };

/** Exactly one source. */
export const addVolumeSourceErrors = (errors: FieldError[], spec: Spec, name: string): void => {
  let found = false;
  for (const source of sourceNames) {
    if (!spec[source]) continue;
    // Upstream counts a flex volume in without asking what else there is.
    if (found && source !== "flexVolume")
      errors.push(forbiddenField(`spec.${surplusPathOf[source] ?? source}`, "may not specify more than 1 volume type"));
    else {
      const check = checks[source] as (errors: FieldError[], source: unknown, path: string, spec: Spec, name: string) => void;
      check(errors, spec[source], `spec.${pathOf[source] ?? source}`, spec, name);
    }
    found = true;
  }
  if (!found) errors.push(required("spec", "must specify a volume type"));
};
