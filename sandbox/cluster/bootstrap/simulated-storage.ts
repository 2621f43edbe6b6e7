import { hasReason } from "../../apimachinery/errors/status.ts";
import { csiDrivers, storageClasses } from "../../api/resources.ts";
import type { Client } from "../../client/client.ts";

const driver = "csi.drydock.dev";

/** The driver of simulated nodes and the default class of its volumes, as local clusters have one. What is there is left as it is. */
export const createSimulatedStorage = async (client: Client): Promise<void> => {
  const unlessThere = (error: unknown): void => {
    if (!hasReason(error, "AlreadyExists")) throw error;
  };
  await client
    .create(csiDrivers, { metadata: { name: driver }, spec: { attachRequired: false, podInfoOnMount: false } })
    .catch(unlessThere);
  await client
    .create(storageClasses, {
      metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: driver,
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    })
    .catch(unlessThere);
};
