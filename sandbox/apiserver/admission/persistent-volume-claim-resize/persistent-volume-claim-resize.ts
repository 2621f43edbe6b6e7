import type { PersistentVolumeClaim, StorageClass } from "../../../api/types.ts";
import { parseQuantity } from "../../../apimachinery/quantity/parse.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin } from "../plugin.ts";
import { refused } from "../refusal.ts";

/** Claims grow only where their class lets them. */
export const persistentVolumeClaimResize = ({ reader }: AdmissionContext): AdmissionPlugin => ({
  name: "PersistentVolumeClaimResize",
  handles: (attributes) => attributes.operation === "UPDATE" && isFor(attributes, "", "persistentvolumeclaims"),
  validate(attributes) {
    const [next, previous] = [attributes.object as PersistentVolumeClaim, attributes.oldObject as PersistentVolumeClaim];
    if (parseQuantity(storageOf(next)).compare(parseQuantity(storageOf(previous))) <= 0) return;
    if (previous.status?.phase !== "Bound") throw refused(attributes, "Only bound persistent volume claims can be expanded");
    const [name, before] = [classOf(next), classOf(previous)];
    const found =
      name !== "" && name === before ? (reader.get("storage.k8s.io", "storageclasses", "", name) as StorageClass | undefined) : undefined;
    if (!found?.allowVolumeExpansion)
      throw refused(
        attributes,
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
      );
  },
});

const storageOf = ({ spec }: PersistentVolumeClaim): string => spec?.resources?.requests?.storage ?? "0";

const classOf = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName ?? "";
