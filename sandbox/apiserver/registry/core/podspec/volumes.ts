import type { Volume } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import type { ObjectMeta } from "../../../../apimachinery/meta/types.ts";
import { duplicate, forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { addClaimTemplateErrors } from "../persistentvolumeclaims/claim-spec.ts";
import { addDownwardFileErrors, addKeyToPathErrors, addProjectedErrors } from "./projected-volumes.ts";
import { addFileModeErrors, addLocalPathErrors } from "./file-paths.ts";
import { addInitiatorErrors, addISCSIErrors } from "./iscsi.ts";
import type { PodRules } from "./options.ts";
import { addPullPolicyErrors } from "./pull-policy.ts";
import * as storage from "./storage-sources.ts";

interface VolumeContext {
  readonly errors: FieldError[];
  /** The volume's own path. */
  readonly volumePath: string;
  readonly volumeName: string;
  readonly rules: PodRules;
}

type SourceName = Exclude<keyof Volume, "name">;

/** One way to fill a volume: where its errors are told, and what they are. In upstream's order. */
type SourceRules = {
  readonly [Name in SourceName]: {
    /** Names in paths, where upstream's differ from the field's. */
    readonly path?: string;
    readonly surplusPath?: string;
    readonly check: (source: NonNullable<Volume[Name]>, path: string, context: VolumeContext) => void;
  };
};

const needs =
  (...fields: readonly string[]) =>
  (source: object, path: string, { errors }: VolumeContext): void =>
    storage.addRequired(errors, path, source, ...fields);

const sourceRules: SourceRules = {
  emptyDir: {
    check: ({ sizeLimit }, path, { errors }) => {
      if (sizeLimit !== undefined && quantityOf(sizeLimit).sign() < 0)
        errors.push(forbiddenField(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity"));
    },
  },
  hostPath: { check: (source, path, { errors }) => storage.addHostPathErrors(errors, source, path) },
  gitRepo: {
    check: (source, path, context) => {
      needs("repository")(source, path, context);
      addLocalPathErrors(context.errors, `${path}.directory`, source.directory ?? "");
    },
  },
  gcePersistentDisk: {
    path: "persistentDisk",
    check: (source, path, context) => {
      needs("pdName")(source, path, context);
      storage.addPartitionErrors(context.errors, source.partition, path);
    },
  },
  awsElasticBlockStore: {
    check: (source, path, context) => {
      needs("volumeID")(source, path, context);
      storage.addPartitionErrors(context.errors, source.partition, path);
    },
  },
  secret: {
    check: (source, path, context) => {
      needs("secretName")(source, path, context);
      addFileModeErrors(context.errors, `${path}.defaultMode`, source.defaultMode);
      addKeyToPathErrors(context.errors, source.items, `${path}.items`);
    },
  },
  nfs: { check: (source, path, { errors }) => storage.addNFSErrors(errors, source, path) },
  iscsi: {
    check: (source, path, { errors }) => {
      addISCSIErrors(errors, source, path);
    },
  },
  glusterfs: { check: (source, path, { errors }) => storage.addGlusterfsErrors(errors, source, path) },
  flocker: { check: (source, path, { errors }) => storage.addFlockerErrors(errors, source, path) },
  persistentVolumeClaim: { check: needs("claimName") },
  rbd: { check: needs("monitors", "image") },
  cinder: {
    check: (source, path, context) => {
      needs("volumeID")(source, path, context);
      if (source.secretRef) needs("name")(source.secretRef, `${path}.secretRef`, context);
    },
  },
  cephfs: { surplusPath: "cephFS", check: needs("monitors") },
  quobyte: { check: (source, path, { errors }) => storage.addQuobyteErrors(errors, source, path) },
  downwardAPI: {
    surplusPath: "downwarAPI",
    check: ({ defaultMode, items }, path, { errors }) => {
      addFileModeErrors(errors, `${path}.defaultMode`, defaultMode);
      for (const file of items ?? []) addDownwardFileErrors(errors, file, path);
    },
  },
  fc: { check: (source, path, { errors }) => storage.addFCErrors(errors, source, path) },
  flexVolume: { check: (source, path, { errors }) => storage.addFlexErrors(errors, source, path) },
  configMap: {
    check: (source, path, context) => {
      needs("name")(source, path, context);
      addFileModeErrors(context.errors, `${path}.defaultMode`, source.defaultMode);
      addKeyToPathErrors(context.errors, source.items, `${path}.items`);
    },
  },
  azureFile: { check: needs("secretName", "shareName") },
  vsphereVolume: { check: needs("volumePath") },
  photonPersistentDisk: { check: needs("pdID") },
  portworxVolume: { check: needs("volumeID") },
  azureDisk: { check: (source, path, { errors }) => storage.addAzureDiskErrors(errors, source, path) },
  storageos: { check: (source, path, { errors }) => storage.addStorageOSErrors(errors, source, path) },
  projected: { check: (source, path, { errors, rules }) => addProjectedErrors(errors, source, path, rules) },
  scaleIO: { check: (source, path, { errors }) => storage.addScaleIOErrors(errors, source, path) },
  csi: {
    check: ({ driver, nodePublishSecretRef }, path, { errors }) => {
      storage.addCSIDriverNameErrors(errors, driver, `${path}.driver`);
      if (!nodePublishSecretRef) return;
      const { name } = nodePublishSecretRef;
      if (!name) errors.push(required(`${path}.nodePublishSecretRef.name`));
      else addInvalid(errors, `${path}.name`, name, nameIsDNSSubdomain(name, false));
    },
  },
  ephemeral: {
    check: ({ volumeClaimTemplate }, path, { errors, rules }) => {
      if (volumeClaimTemplate) addClaimTemplateErrors(errors, volumeClaimTemplate, `${path}.volumeClaimTemplate`, rules);
      else errors.push(required(`${path}.volumeClaimTemplate`));
    },
  },
  image: {
    check: ({ reference, pullPolicy }, path, { errors, rules }) => {
      if (rules.isPod && !reference) errors.push(required(`${path}.reference`));
      addPullPolicyErrors(errors, pullPolicy, `${path}.pullPolicy`);
    },
  },
};

const order = Object.keys(sourceRules) as readonly SourceName[];
const isSource = (key: string): key is SourceName => Object.hasOwn(sourceRules, key);

const sourcesOf = (volume: Volume): readonly SourceName[] => {
  const present = Object.keys(volume).filter(
    (key): key is SourceName => isSource(key) && volume[key] !== undefined && volume[key] !== null,
  );
  return present.length > 1 ? order.filter((name) => present.includes(name)) : present;
};

const addSourceErrors = (
  errors: FieldError[],
  volume: Volume,
  volumePath: string,
  metadata: ObjectMeta | undefined,
  rules: PodRules,
): void => {
  const context: VolumeContext = { errors, volumePath, volumeName: volume.name ?? "", rules };
  const sources = sourcesOf(volume);
  for (const [at, name] of sources.entries()) {
    const { path = name, surplusPath = name, check } = sourceRules[name];
    if (at > 0) errors.push(forbiddenField(`${volumePath}.${surplusPath}`, "may not specify more than 1 volume type"));
    else (check as (source: unknown, path: string, context: VolumeContext) => void)(volume[name], `${volumePath}.${path}`, context);
    if (name === "iscsi") addInitiatorErrors(errors, volume.iscsi!, context.volumeName, volumePath);
    if (name === "ephemeral" && at === 0) addClaimNameErrors(errors, volume, volumePath, metadata);
  }
  if (sources.length === 0) errors.push(required(volumePath, "must specify a volume type"));
};

/** The claim that comes of an ephemeral volume is called after pod and volume. */
const addClaimNameErrors = (errors: FieldError[], { name }: Volume, path: string, metadata: ObjectMeta | undefined): void => {
  if (!metadata?.name || !name) return;
  const claim = `${metadata.name}-${name}`;
  for (const sentence of nameIsDNSSubdomain(claim, false))
    errors.push(invalidValue(`${path}.name`, name, `PVC name "${claim}": ${sentence}`));
};

/**
 * ValidateVolumes. `metadata` is the pod's, absent in a template. Answers the volumes that are fine: only those can be mounted.
 */
export const addVolumeErrors = (
  errors: FieldError[],
  volumes: readonly Volume[] | undefined,
  metadata: ObjectMeta | undefined,
  path: string,
  rules: PodRules,
): ReadonlyMap<string, Volume> => {
  const good = new Map<string, Volume>();
  if (!volumes) return good;
  const podName = metadata?.name;
  const created = podName ? new Set(volumes.flatMap(({ name, ephemeral }) => (ephemeral ? [`${podName}-${name}`] : []))) : undefined;
  for (const [at, volume] of volumes.entries()) {
    const field = `${path}[${at}]`;
    const before = errors.length;
    addSourceErrors(errors, volume, field, metadata, rules);
    if (!volume.name) errors.push(required(`${field}.name`));
    else addInvalid(errors, `${field}.name`, volume.name, isDNS1123Label(volume.name));
    if (good.has(volume.name)) errors.push(duplicate(`${field}.name`, volume.name));
    if (errors.length === before) good.set(volume.name, volume);
    const claimName = volume.persistentVolumeClaim?.claimName;
    if (claimName !== undefined && created?.has(claimName))
      errors.push(
        invalidValue(
          `${field}.persistentVolumeClaim.claimName`,
          claimName,
          "must not reference a PVC that gets created for an ephemeral volume",
        ),
      );
  }
  return good;
};
