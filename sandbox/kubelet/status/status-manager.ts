import { pods } from "../../api/resources.ts";
import type { Pod, PodCondition, PodStatus } from "../../api/types.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { Client } from "../../client/client.ts";

/** Writes pod statuses to the API, each only when it differs from what stands there (upstream's status manager). */
export class StatusManager {
  readonly #client: Client;
  /** What was sent last, by uid: the API's answer may still be on its way. */
  readonly #sent = new Map<string, { readonly status: PodStatus; readonly print: string }>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The newest status of the pod, sent or seen. */
  statusOf(pod: Pod): PodStatus | undefined {
    return this.#sent.get(pod.metadata.uid ?? "")?.status ?? pod.status;
  }

  /** False when the pod no longer exists. */
  async set(pod: Pod, status: PodStatus): Promise<boolean> {
    const uid = pod.metadata.uid ?? "";
    const print = JSON.stringify(status);
    if (this.#sent.get(uid)?.print === print) return true;
    const patch = statusPatch(this.statusOf(pod) ?? {}, status);
    this.#sent.set(uid, { status, print });
    if (!patch) return true;
    try {
      await this.#client.patch(
        pods,
        { namespace: pod.metadata.namespace!, name: pod.metadata.name! },
        { type: "strategic", body: { metadata: { uid }, status: patch } },
        { subresource: "status" },
      );
      return true;
    } catch (error) {
      this.#sent.delete(uid);
      if (hasReason(error, "NotFound", "Conflict")) return false;
      throw error;
    }
  }

  forget(uid: string): void {
    this.#sent.delete(uid);
  }
}

/** What changes from one status to the next, as a strategic merge patch; undefined when nothing does. */
const statusPatch = (before: PodStatus, after: PodStatus): Record<string, unknown> | undefined => {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof PodStatus>) {
    if (key === "conditions" || same(before[key], after[key])) continue;
    // Not the kubelet's to remove: others write these too.
    if (after[key] === undefined && !ownFields.has(key)) continue;
    patch[key] = after[key] ?? null;
  }
  const known = new Map((before.conditions ?? []).map((condition) => [condition.type, condition]));
  const conditions = (after.conditions ?? [])
    .filter((condition) => !same(known.get(condition.type), condition))
    .map((condition) => withRemovals(known.get(condition.type), condition));
  if (conditions.length > 0) patch["conditions"] = conditions;
  return Object.keys(patch).length > 0 ? patch : undefined;
};

const ownFields: ReadonlySet<keyof PodStatus> = new Set([
  "phase",
  "message",
  "reason",
  "containerStatuses",
  "initContainerStatuses",
  "ephemeralContainerStatuses",
]);

const withRemovals = (before: PodCondition | undefined, after: PodCondition): Record<string, unknown> => ({
  ...after,
  ...(before?.reason !== undefined && after.reason === undefined && { reason: null }),
  ...(before?.message !== undefined && after.message === undefined && { message: null }),
});

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
