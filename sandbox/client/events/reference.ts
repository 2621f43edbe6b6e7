import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { ObjectReference } from "../../api/types.ts";

/** An object as events name it (client-go's reference.GetReference). */
export const referenceTo = ({ apiVersion, kind, metadata }: KubeObject, fieldPath?: string): ObjectReference => ({
  ...(kind && { kind }),
  ...(metadata.namespace && { namespace: metadata.namespace }),
  name: metadata.name ?? "",
  ...(metadata.uid && { uid: metadata.uid }),
  ...(apiVersion && { apiVersion }),
  ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }),
  ...(fieldPath && { fieldPath }),
});
