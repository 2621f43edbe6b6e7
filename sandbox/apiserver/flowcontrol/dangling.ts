import type { FlowSchema } from "../../api/types.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Perform } from "../../apimachinery/operation/operation.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { toTime, type Clock } from "../../base/clock/clock.ts";
import type { Log } from "../../base/log/log.ts";
import type { ResourceCache } from "../cache/resource-cache.ts";
import { loopbackAgent, loopbackUser } from "../loopback/loopback.ts";

const group = "flowcontrol.apiserver.k8s.io";
const manager = "api-priority-and-fairness-config-consumer-v1";

interface DanglingOptions {
  readonly flowSchemas: ResourceCache;
  readonly priorityLevels: ResourceCache;
  readonly perform: Perform;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Says of each FlowSchema whether the priority level that it names exists: all that is left of API priority and fairness in a server which has no need to share
 * itself out. Upstream's config consumer writes the same, inside its API server.
 */
export const keepDanglingConditions = ({ flowSchemas, priorityLevels, perform, clock, log }: DanglingOptions): void => {
  const judge = async (name: string): Promise<void> => {
    const schema = flowSchemas.get("", name)?.object as FlowSchema | undefined;
    const level = schema?.spec?.priorityLevelConfiguration?.name;
    if (!schema || level === undefined || schema.metadata.deletionTimestamp !== undefined) return;
    const exists = priorityLevels.get("", level) !== undefined;
    const condition = conditionOf(level, exists);
    const known = schema.status?.conditions?.find(({ type }) => type === "Dangling");
    if (known?.status === condition.status && known.reason === condition.reason && known.message === condition.message) return;
    const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : toTime(clock.now());
    await apply(perform, name, { ...condition, lastTransitionTime });
  };
  // Writing takes its turn behind whoever is being answered now.
  const soon = (name: string): void =>
    void clock.after(
      0,
      () => void judge(name).catch((error: unknown) => log.warn("a FlowSchema keeps its old condition", { name, error: String(error) })),
    );
  const begin = (): void => {
    for (const { name } of flowSchemas.list()) soon(name);
    flowSchemas.subscribe({}, { change: ({ current }) => current && soon(current.name), ended: () => flowSchemas.onceBegun(begin) });
    priorityLevels.subscribe(
      {},
      {
        change: ({ current, previous }) => {
          if (current && previous) return;
          for (const { name } of flowSchemas.list()) soon(name);
        },
        ended: () => undefined,
      },
    );
  };
  begin();
};

const conditionOf = (level: string, exists: boolean) => ({
  type: "Dangling",
  status: exists ? "False" : "True",
  reason: exists ? "Found" : "NotFound",
  message: exists
    ? `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} and it exists`
    : `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} but there is no such object`,
});

const apply = async (perform: Perform, name: string, condition: object): Promise<void> => {
  const body: AnyObject = { apiVersion: `${group}/v1`, kind: "FlowSchema", metadata: { name }, status: { conditions: [condition] } };
  try {
    await perform({
      verb: "patch",
      group,
      version: "v1",
      resource: "flowschemas",
      subresource: "status",
      name,
      patch: { type: "apply", body },
      options: { fieldManager: manager, force: true },
      user: loopbackUser,
      userAgent: loopbackAgent,
    });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
  }
};
