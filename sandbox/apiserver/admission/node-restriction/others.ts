import type { Pod, PersistentVolumeClaim } from "../../../api/types.ts";
import { isSameJson } from "../../registry/json.ts";
import { refused } from "../refusal.ts";
import type { Judge } from "./node-restriction.ts";

const leaseNamespace = "kube-node-lease";

/** The lease by which a node shows that it lives. */
export const judgeLease: Judge = (_context, attributes, node) => {
  if (attributes.namespace !== leaseNamespace)
    throw refused(attributes, `can only access leases in the ${JSON.stringify(leaseNamespace)} system namespace`);
  if (nameOf(attributes) !== node) throw refused(attributes, "can only access node lease with the same name as the requesting node");
};

/** What storage drivers a node has. */
export const judgeCsiNode: Judge = (_context, attributes, node) => {
  if (nameOf(attributes) !== node) throw refused(attributes, "can only access CSINode with the same name as the requesting node");
};

/** What devices a node offers. */
export const judgeResourceSlice: Judge = (_context, attributes, node) => {
  const { operation, object } = attributes;
  if (operation !== "CREATE") return;
  if ((object?.spec as { readonly nodeName?: string } | undefined)?.nodeName !== node)
    throw refused(attributes, "can only create ResourceSlice with the same NodeName as the requesting node");
};

/** Of a claim a kubelet reports how a resize went, and nothing else. */
export const judgeClaimStatus: Judge = (_context, attributes) => {
  const { operation, subresource } = attributes;
  if (subresource !== "status") throw refused(attributes, `may only update PVC status`);
  if (operation !== "UPDATE") throw refused(attributes, `unexpected operation ${JSON.stringify(operation)}`);
  const rest = (claim: PersistentVolumeClaim) => {
    const {
      capacity: _capacity,
      conditions: _conditions,
      allocatedResources: _amounts,
      allocatedResourceStatuses: _states,
      ...status
    } = claim.status ?? {};
    const { managedFields: _fields, resourceVersion: _version, ...metadata } = claim.metadata;
    return { ...claim, metadata, status };
  };
  const next = attributes.object as unknown as PersistentVolumeClaim;
  const previous = attributes.oldObject as unknown as PersistentVolumeClaim;
  const node = attributes.user.name.slice("system:node:".length);
  if (!isSameJson(rest(next), rest(previous)))
    throw refused(
      attributes,
      `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`,
    );
};

/** Tokens are for the pods that run on the node. */
export const judgeToken: Judge = ({ reader }, attributes, node) => {
  const { operation, subresource, namespace, object, name } = attributes;
  if (operation !== "CREATE" || subresource !== "token") return;
  const { boundObjectRef: reference } = (object?.spec ?? {}) as {
    readonly boundObjectRef?: { readonly kind?: string; readonly apiVersion?: string; readonly name?: string; readonly uid?: string };
  };
  if (!reference || reference.apiVersion !== "v1" || reference.kind !== "Pod" || (reference.name ?? "") === "")
    throw refused(attributes, "node requested token not bound to a pod");
  if ((reference.uid ?? "") === "") throw refused(attributes, "node requested token with a pod binding without a uid");
  const pod = reader.get("", "pods", namespace, reference.name!) as Pod | undefined;
  if (!pod) throw refused(attributes, `pod ${JSON.stringify(reference.name)} not found`);
  if (reference.uid !== pod.metadata.uid)
    throw refused(
      attributes,
      `the UID in the bound object reference (${reference.uid!}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  if (pod.spec?.nodeName !== node) throw refused(attributes, "node requested token bound to a pod scheduled on a different node");
  if (pod.spec.serviceAccountName !== name)
    throw refused(attributes, "node requested token for a service account that its pod does not use");
};

const nameOf = ({ name, object }: Parameters<Judge>[1]): string => (name === "" ? (object?.metadata.name ?? "") : name);
