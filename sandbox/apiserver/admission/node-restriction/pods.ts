import type { Node, Pod } from "../../../api/types.ts";
import { isSameJson } from "../../registry/json.ts";
import type { Attributes } from "../plugin.ts";
import { isMirror } from "../pod-spec.ts";
import { refused } from "../refusal.ts";
import type { Judge } from "./node-restriction.ts";

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** A kubelet makes mirror pods for itself, and reports on, evicts and deletes pods of its own node. */
export const judgePod: Judge = (context, attributes, node) => {
  const { operation, subresource, namespace, name } = attributes;
  const refuse = (why: string): never => {
    throw refused(attributes, why);
  };
  const quoted = JSON.stringify(node);
  if (subresource === "") {
    if (operation === "CREATE") return judgeCreation(context, attributes, node);
    const isOwn = (attributes.oldObject as Pod | undefined)?.spec?.nodeName === node;
    if (operation === "DELETE" && !isOwn) refuse(`node ${quoted} can only delete pods with spec.nodeName set to itself`);
    if (operation === "UPDATE")
      refuse(`unexpected operation ${JSON.stringify(operation)}, node ${quoted} can only create and delete mirror pods`);
    return;
  }
  if (subresource === "status" && operation === "UPDATE") {
    const previous = attributes.oldObject as unknown as Pod;
    if (previous.spec?.nodeName !== node) refuse(`node ${quoted} can only update pod status for pods with spec.nodeName set to itself`);
    if (!isSameJson(previous.metadata.labels ?? {}, attributes.object?.metadata.labels ?? {}))
      refuse(`node ${quoted} cannot update labels through pod status`);
    return;
  }
  if (subresource === "eviction" && operation === "CREATE") {
    const pod = context.reader.get("", "pods", namespace, name) as Pod | undefined;
    if (pod && pod.spec?.nodeName !== node) refuse(`node ${quoted} can only evict pods with spec.nodeName set to itself`);
    return;
  }
  refuse(`unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`);
};

const judgeCreation: Judge = ({ reader }, attributes, node) => {
  const pod = attributes.object as unknown as Pod;
  const quoted = JSON.stringify(node);
  const refuse = (why: string): never => {
    throw refused(attributes, why);
  };
  if (!isMirror(pod))
    refuse(`pod does not have ${JSON.stringify(mirrorAnnotation)} annotation, node ${quoted} can only create mirror pods`);
  if (pod.spec?.nodeName !== node) refuse(`node ${quoted} can only create pods with spec.nodeName set to itself`);
  const owners = pod.metadata.ownerReferences ?? [];
  if (owners.length > 1) refuse(`node ${quoted} can only create pods with a single owner reference set to itself`);
  const [owner] = owners;
  if (!owner) refuse(`node ${quoted} can only create pods with an owner reference set to itself`);
  if (owner!.apiVersion !== "v1" || owner!.kind !== "Node" || owner!.name !== node)
    refuse(`node ${quoted} can only create pods with an owner reference set to itself`);
  if (!owner!.controller) refuse(`node ${quoted} can only create pods with a controller owner reference set to itself`);
  if (owner!.blockOwnerDeletion) refuse(`node ${quoted} must not set blockOwnerDeletion on an owner reference`);
  const found = reader.get("", "nodes", "", node) as Node | undefined;
  if (found && owner!.uid !== found.metadata.uid)
    refuse(`node ${quoted} UID mismatch: expected ${JSON.stringify(owner!.uid)} got ${JSON.stringify(found.metadata.uid ?? "")}`);
  refuseReferences(attributes, pod, quoted);
};

const refuseReferences = (attributes: Attributes, { spec }: Pod, quoted: string): void => {
  const refuse = (what: string): never => {
    throw refused(attributes, `node ${quoted} can not create pods that reference ${what}`);
  };
  if ((spec?.serviceAccountName ?? "") !== "") refuse("a service account");
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const sources = containers.flatMap(({ env, envFrom }) => [
    ...(env ?? []).map(({ valueFrom }) => valueFrom ?? {}),
    ...(envFrom ?? []),
  ]) as readonly Readonly<Record<string, unknown>>[];
  const volumes = spec?.volumes ?? [];
  const hasSource = (...names: readonly string[]): boolean => sources.some((source) => names.some((name) => source[name] !== undefined));
  if (hasSource("secretKeyRef", "secretRef") || (spec?.imagePullSecrets ?? []).length > 0 || volumes.some(({ secret }) => secret))
    refuse("secrets");
  if (hasSource("configMapKeyRef", "configMapRef") || volumes.some(({ configMap }) => configMap)) refuse("configmaps");
  if (volumes.some(({ projected }) => projected)) refuse("projected volumes");
  if (volumes.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral)) refuse("a persistentvolumeclaim");
};
