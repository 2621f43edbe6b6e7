import type { CSIDriver, CSINode, CSIStorageCapacity } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid, bytesOf, isNegativeSentence } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Subdomain, isQualifiedName, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { setNextGeneration } from "../../generic/generation.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";

const group = "storage.k8s.io";
const longestDriverName = 63;

/** ValidateCSIDriverName. */
export const addDriverNameErrors = (errors: FieldError[], name: string, path: string): void => {
  if (name === "") errors.push(required(path));
  if (bytesOf(name) > longestDriverName) errors.push(tooLong(path, longestDriverName));
  addInvalid(errors, path, name, isDNS1123Subdomain(name.toLowerCase()));
};

const driverErrors = ({ spec }: CSIDriver): FieldError[] => {
  const errors: FieldError[] = [];
  const boundary = { shortest: 600, longest: 2 ** 32 };
  if (spec.attachRequired === undefined) errors.push(required("spec.attachedRequired"));
  if (spec.podInfoOnMount === undefined) errors.push(required("spec.podInfoOnMount"));
  if (spec.storageCapacity === undefined) errors.push(required("spec.storageCapacity"));
  if (spec.fsGroupPolicy !== undefined && !["ReadWriteOnceWithFSType", "File", "None"].includes(spec.fsGroupPolicy))
    errors.push(notSupported("spec.fsGroupPolicy", spec.fsGroupPolicy, ["ReadWriteOnceWithFSType", "File", "None"]));
  const audiences = new Set<string>();
  for (const [at, { audience, expirationSeconds }] of (spec.tokenRequests ?? []).entries()) {
    const path = `spec.tokenRequests[${at}]`;
    if (audiences.has(audience)) errors.push(duplicate(`${path}.audience`, audience));
    audiences.add(audience);
    if (expirationSeconds === undefined) continue;
    if (expirationSeconds < boundary.shortest)
      errors.push(invalidValue(`${path}.expirationSeconds`, expirationSeconds, "may not specify a duration less than 10 minutes"));
    if (expirationSeconds > boundary.longest)
      errors.push(invalidValue(`${path}.expirationSeconds`, expirationSeconds, "may not specify a duration larger than 2^32 seconds"));
  }
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (mode !== "Persistent" && mode !== "Ephemeral")
      errors.push(notSupported("spec.volumeLifecycleModes", mode, ["Persistent", "Ephemeral"]));
  return errors;
};

export const csiDriverStrategy = defineStrategy<CSIDriver>({
  group,
  resource: "csidrivers",
  setDefaults: ({ spec }) => {
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
    if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ["Persistent"];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },
  prepareForUpdate: setNextGeneration,
  validate: driverErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous), ...driverErrors(next)];
    addImmutable(errors, "spec.attachedRequired", next.spec.attachRequired, previous.spec.attachRequired);
    addImmutable(errors, "spec.volumeLifecycleModes", next.spec.volumeLifecycleModes, previous.spec.volumeLifecycleModes);
    return errors;
  },
});

const nodeErrors = ({ spec }: CSINode): FieldError[] => {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [at, { name, nodeID = "", topologyKeys, allocatable }] of (spec.drivers ?? []).entries()) {
    const path = `spec.drivers[${at}]`;
    addDriverNameErrors(errors, name, `${path}.name`);
    if (nodeID === "") errors.push(required(`${path}.nodeID`));
    else if (bytesOf(nodeID) > 256) errors.push(invalidValue(`${path}.nodeID`, nodeID, "must be 256 characters or less"));
    if (allocatable?.count !== undefined && allocatable.count < 0)
      errors.push(invalidValue(`${path}.allocatable.count`, allocatable.count, isNegativeSentence));
    const keys = new Set<string>();
    for (const key of topologyKeys ?? []) {
      if (key === "") errors.push(required(path));
      if (keys.has(key)) errors.push(duplicate(path, key));
      keys.add(key);
      addInvalid(errors, path, key, isQualifiedName(key));
    }
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  }
  return errors;
};

export const csiNodeStrategy = defineStrategy<CSINode>({
  group,
  resource: "csinodes",
  validate: nodeErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataErrors(next, false), ...nodeErrors(next)];
    const before = new Map((previous.spec.drivers ?? []).map((driver) => [driver.name, driver]));
    for (const driver of next.spec.drivers ?? []) {
      const old = before.get(driver.name);
      if (old && !isSemanticallyEqual(driver, old)) errors.push(invalidValue("spec.drivers", driver, "field is immutable"));
    }
    return errors;
  },
});

const capacityErrors = ({ storageClassName = "", capacity, maximumVolumeSize, nodeTopology }: CSIStorageCapacity): FieldError[] => {
  const errors: FieldError[] = [];
  addInvalid(errors, "storageClassName", storageClassName, nameIsDNSSubdomain(storageClassName, false));
  if (nodeTopology) errors.push(...validateLabelSelector(nodeTopology, "nodeTopology"));
  if (capacity !== undefined && quantityOf(capacity).sign() < 0) errors.push(invalidValue("capacity", capacity, isNegativeSentence));
  if (maximumVolumeSize !== undefined && quantityOf(maximumVolumeSize).sign() < 0)
    errors.push(invalidValue("maximumVolumeSize", maximumVolumeSize, isNegativeSentence));
  return errors;
};

export const csiStorageCapacityStrategy = defineStrategy<CSIStorageCapacity>({
  group,
  resource: "csistoragecapacities",
  validate: capacityErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataErrors(next, true), ...capacityErrors(next)];
    addImmutable(errors, "nodeTopology", next.nodeTopology, previous.nodeTopology);
    addImmutable(errors, "storageClassName", next.storageClassName, previous.storageClassName);
    return errors;
  },
});
