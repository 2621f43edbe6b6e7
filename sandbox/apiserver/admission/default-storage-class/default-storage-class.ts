import type { PersistentVolumeClaim, StorageClass } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import { newestDefault } from "../default-class.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin } from "../plugin.ts";

/** Gives claims that name no class the default one. */
export const defaultStorageClass = ({ reader }: AdmissionContext): AdmissionPlugin => ({
  name: "DefaultStorageClass",
  handles: (attributes) => attributes.operation === "CREATE" && isFor(attributes, "", "persistentvolumeclaims"),
  admit({ object }) {
    const { metadata, spec } = object as unknown as Draft<PersistentVolumeClaim>;
    if (!spec || spec.storageClassName !== undefined || metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] !== undefined)
      return;
    const classes = reader.list("storage.k8s.io", "storageclasses") as unknown as readonly StorageClass[];
    const chosen = newestDefault(
      classes,
      "storageclass.kubernetes.io/is-default-class",
      "storageclass.beta.kubernetes.io/is-default-class",
    );
    if (chosen) spec.storageClassName = chosen.metadata.name!;
  },
});
