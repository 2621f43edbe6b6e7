import { bool, dyn, int, listOf, mapOf, string, timestamp, type CelType } from "../../../apimachinery/cel/index.ts";

const struct = (name: string, fields: Readonly<Record<string, CelType>>): CelType => ({
  kind: "object",
  name,
  fields: new Map(Object.entries(fields).map(([key, type]) => [key, { key, type }])),
});

const kindType = struct("kubernetes.GroupVersionKind", { group: string, version: string, kind: string });
const resourceType = struct("kubernetes.GroupVersionResource", { group: string, version: string, resource: string });

/** `request`: what expressions may know of the AdmissionRequest. */
export const requestType = struct("kubernetes.AdmissionRequest", {
  kind: kindType,
  resource: resourceType,
  subResource: string,
  requestKind: kindType,
  requestResource: resourceType,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo: struct("kubernetes.UserInfo", {
    username: string,
    uid: string,
    groups: listOf(string),
    extra: mapOf(string, listOf(string)),
  }),
  dryRun: bool,
  options: dyn,
});

/** `namespaceObject`: the namespace of the request, as far as expressions may know it. */
export const namespaceType = struct("kubernetes.Namespace", {
  metadata: struct("kubernetes.NamespaceMetadata", {
    name: string,
    generateName: string,
    namespace: string,
    labels: mapOf(string, string),
    annotations: mapOf(string, string),
    UID: string,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: string,
    finalizers: listOf(string),
  }),
  spec: struct("kubernetes.NamespaceSpec", { finalizers: listOf(string) }),
  status: struct("kubernetes.NamespaceStatus", { phase: string }),
});
