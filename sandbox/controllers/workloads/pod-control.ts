import { hasReason, StatusError } from "../../apimachinery/errors/status.ts";
import type { KubeObject, OwnerReference } from "../../apimachinery/meta/types.ts";
import { pods } from "../../api/resources.ts";
import type { Pod, PodTemplateSpec } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";

/** The pod that a template stands for (GetPodFromTemplate), named by the API server after its owner. */
export const podFromTemplate = (template: PodTemplateSpec, owner: KubeObject, controller: OwnerReference): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    generateName: generateName(owner.metadata.name ?? ""),
    namespace: owner.metadata.namespace,
    ...(template.metadata?.labels && { labels: template.metadata.labels }),
    ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
    ...(template.metadata?.finalizers && { finalizers: template.metadata.finalizers }),
    ownerReferences: [controller],
  },
  spec: template.spec,
});

/** The owner's name and a dash, where that is still a name. */
const generateName = (name: string): string => (name.length < 253 ? `${name}-` : name);

/** Creates a pod, and tells of it on the owner (RealPodControl). */
export const createPod = async ({ client, events }: Reconcile, owner: KubeObject, pod: Pod): Promise<Pod> => {
  try {
    const created = await client.create(pods, pod);
    events.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${created.metadata.name ?? ""}`);
    return created;
  } catch (error) {
    if (!isNamespaceTerminating(error)) events.event(owner, "Warning", "FailedCreate", `Error creating: ${wordsOf(error)}`);
    throw error;
  }
};

/** Deletes a pod, and tells of it on the owner. One that is gone already is an error that callers may ignore. */
export const deletePod = async ({ client, events }: Reconcile, owner: KubeObject, pod: Pod): Promise<void> => {
  const { namespace, name = "" } = pod.metadata;
  try {
    await client.delete(pods, { namespace, name });
  } catch (error) {
    if (!hasReason(error, "NotFound")) events.event(owner, "Warning", "FailedDelete", `Error deleting: ${wordsOf(error)}`);
    throw error;
  }
  events.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
};

/** Whether a create was refused because the namespace is going away: nobody need hear of it, and trying again is no use. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  error instanceof StatusError && (error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") ?? false);

/** The error itself, so that it can be thrown again. */
export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
