import { isFor, type AdmissionPlugin } from "../plugin.ts";

/** Holds volumes and claims until nobody uses them any more. */
export const storageObjectInUseProtection = (): AdmissionPlugin => ({
  name: "StorageObjectInUseProtection",
  handles: (attributes) =>
    attributes.operation === "CREATE" && (isFor(attributes, "", "persistentvolumeclaims") || isFor(attributes, "", "persistentvolumes")),
  admit({ entry, object }) {
    const { metadata } = object!;
    const finalizer = entry.resource === "persistentvolumes" ? "kubernetes.io/pv-protection" : "kubernetes.io/pvc-protection";
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
});
