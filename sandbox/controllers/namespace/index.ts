import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import { namespaces } from "../../api/resources.ts";
import type { Namespace } from "../../api/types.ts";
import type { Discovery } from "../../client/discovery/discovery.ts";
import { ExponentialRateLimiter } from "../../client/workqueue/rate-limiter.ts";
import { defineController } from "../framework/define-controller.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { deletionConditions } from "./conditions.ts";
import { deleteContent } from "./content.ts";

/** Requests that were under way when the namespace began to end may still write into it: they get so long. */
const GRACE_MS = 5000;

const TOKEN = "kubernetes";

/** Empties a namespace that is being deleted, then lets go of it. */
export const namespaceController: Controller = {
  name: "namespace-controller",
  alias: "namespace",
  account: "namespace-controller",
  start: (environment) => emptier(environment.discovery).start(environment),
};

const emptier = (discovery: Discovery): Controller =>
  defineController<Namespace>({
    name: "namespace-controller",
    reconciles: namespaces,
    wants: ({ next }) => next !== undefined && isTerminating(next) && (next.spec?.finalizers?.length ?? 0) > 0,
    gatherMs: GRACE_MS,
    workers: (options) => options.concurrentNamespaceSyncs,
    rateLimiter: () => new ExponentialRateLimiter({ baseMs: 5000, maxMs: 60_000 }),
    async reconcile(key, context) {
      const namespace = await fresh(context, key);
      if (!namespace || !isTerminating(namespace) || (namespace.spec?.finalizers ?? []).length === 0) return;
      const { client, clock } = context;
      let discoveryFailure: string | undefined;
      const resources = await discovery.preferred().catch((error: unknown) => {
        discoveryFailure = wordsOf(error);
        return [];
      });
      const remains = await deleteContent(context, resources, key, namespace.metadata.deletionTimestamp);
      const conditions = deletionConditions(namespace.status?.conditions, discoveryFailure, remains, clock.now());
      const status = { ...namespace.status, phase: "Terminating", conditions };
      const told = isSemanticallyEqual(status, namespace.status)
        ? namespace
        : await client.updateStatus(namespaces, { ...namespace, status });
      const failures = [...remains.errors, ...(discoveryFailure === undefined ? [] : [discoveryFailure])];
      if (failures.length > 0) throw new Error(failures.join(", "));
      if (remains.estimate > 0) {
        context.again((Math.floor(remains.estimate / 2) + 1) * 1000);
        return;
      }
      const finalizers = (told.spec?.finalizers ?? []).filter((finalizer) => finalizer !== TOKEN).sort();
      await client.update(namespaces, { ...told, spec: { ...told.spec, finalizers } }, { subresource: "finalize" });
    },
  });

const fresh = async ({ client }: Reconcile, name: string): Promise<Namespace | undefined> => {
  try {
    return await client.get(namespaces, { name });
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
};
