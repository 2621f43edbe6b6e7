import { pods } from "../../api/resources.ts";
import type { Pod } from "../../api/types.ts";
import { notFound } from "../../apimachinery/errors/constructors.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { Endpoint } from "../../apiserver/server/endpoint-group.ts";
import { SeededRandom } from "../../base/random/random.ts";
import {
  explainDecision,
  explainPresent,
  schedulerOptions,
  schedulingState,
  type Placement,
  type Scheduler,
} from "../../scheduler/index.ts";
import { CompactedError, type Storage } from "../../storage/storage.ts";
import type { ControlPlane } from "../control-plane.ts";
import { podScheduling } from "./pod-scheduling.ts";

export interface SchedulingParts {
  readonly controlPlane: ControlPlane;
  readonly storage: Storage;
  /** Absent when the cluster runs without ours. */
  readonly scheduler: Scheduler | undefined;
}

/** `pods/scheduling`: why a pod is where it is, or nowhere. Computed when it is asked for. */
export const schedulingEndpoint = (parts: () => SchedulingParts): Endpoint => ({
  resource: "pods/scheduling",
  namespaced: true,
  kind: "PodScheduling",
  verbs: ["get"],
  methods: {
    GET: async ({ namespace, name }) => {
      const { reader } = parts().controlPlane.apiServer;
      const pod = reader.get("", "pods", namespace, name) as unknown as Pod | undefined;
      if (!pod) throw notFound(pods, name);
      return podScheduling(pod, await placementOf(parts(), pod));
    },
  },
});

const placementOf = async ({ controlPlane, storage, scheduler }: SchedulingParts, pod: Pod): Promise<Placement> => {
  const { reader } = controlPlane.apiServer;
  // The same answer whenever it is asked for.
  const random = new SeededRandom(1);
  const { profiles } = scheduler?.options ?? schedulerOptions();
  const attempt = pod.spec?.nodeName === undefined ? undefined : scheduler?.attempts.of(pod.metadata.uid ?? "");
  if (scheduler && attempt?.node !== undefined && attempt.node === pod.spec?.nodeName) {
    const state = await stateAt(controlPlane, storage, attempt.revision);
    const decision = state && explainDecision(state, attempt, { attempts: scheduler.attempts, profiles, random });
    if (decision) return decision;
  }
  const now = await schedulingState(({ group, resource }) => Promise.resolve(reader.list(group, resource) as readonly unknown[] as never));
  return explainPresent(now, pod, { profiles, random });
};

/** What the store held at a revision; undefined when that has been forgotten. */
const stateAt = async ({ apiServer }: ControlPlane, storage: Storage, revision: number) => {
  const listAt = async <T extends KubeObject>({ group, version, resource }: ResourceType<T>): Promise<readonly T[]> => {
    const prefix = apiServer.registry.find(group, version, resource)?.stored.prefix;
    if (prefix === undefined) return [];
    const { items } = await storage.range(prefix, { revision });
    return items.map(({ value }) => JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8")) as T);
  };
  try {
    return await schedulingState(listAt);
  } catch (error) {
    if (error instanceof CompactedError) return undefined;
    throw error;
  }
};
