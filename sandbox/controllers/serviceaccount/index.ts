import { hasReason } from "../../apimachinery/errors/status.ts";
import { namespaces, serviceAccounts } from "../../api/resources.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { isNamespaceTerminating } from "../workloads/pod-control.ts";

/** Sees to it that every namespace has a ServiceAccount called default. */
export const serviceAccountController = defineController({
  name: "serviceaccount-controller",
  alias: "serviceaccount",
  account: "service-account-controller",
  reconciles: namespaces,
  watches: [
    mapped(serviceAccounts, ({ previous, next }) =>
      !next && previous?.metadata.name === "default" ? [previous.metadata.namespace ?? ""] : [],
    ),
  ],
  workers: (options) => options.concurrentServiceAccountSyncs,
  async reconcile(name, { client, cache }) {
    const namespace = cache.get(namespaces, name);
    if (namespace?.status?.phase !== "Active" || cache.get(serviceAccounts, `${name}/default`)) return;
    try {
      await client.create(serviceAccounts, { metadata: { name: "default", namespace: name } });
    } catch (error) {
      if (!hasReason(error, "AlreadyExists") && !isNamespaceTerminating(error)) throw error;
    }
  },
});
