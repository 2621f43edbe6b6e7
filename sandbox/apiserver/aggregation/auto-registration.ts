import { hasReason } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Log } from "../../base/log/log.ts";
import type { Reader } from "../cache/watch-cache.ts";
import { customPriorities } from "../discovery/api-services.ts";
import { loopbackAgent, loopbackUser } from "../loopback/loopback.ts";
import type { Perform } from "../operation.ts";
import type { Registry } from "../registry/registry.ts";

const group = "apiregistration.k8s.io";
const label = "kube-aggregator.kubernetes.io/automanaged";

export interface AutoRegistrationOptions {
  readonly perform: Perform;
  readonly reader: Reader;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps an APIService for each group version that custom resources are served in: upstream's crd-registration and autoregister controllers. */
export const keepCustomApiServices = ({ perform, reader, registry, clock, log }: AutoRegistrationOptions): (() => void) => {
  const operation = { group, version: "v1", resource: "apiservices", user: loopbackUser, userAgent: loopbackAgent };
  let pending = false;
  const keep = async (): Promise<void> => {
    const wanted = new Map<string, AnyObject>();
    for (const entry of registry.all())
      if (entry.custom) wanted.set(`${entry.version}.${entry.group}`, apiServiceOf(entry.group, entry.version));
    for (const { metadata } of reader.list(group, "apiservices"))
      if (metadata.labels?.[label] === "true" && !wanted.has(metadata.name ?? ""))
        await perform({ ...operation, verb: "delete", name: metadata.name ?? "" });
    for (const [name, object] of wanted)
      if (!reader.get(group, "apiservices", "", name)) await perform({ ...operation, verb: "create", object });
  };
  const soon = (): void => {
    if (pending) return;
    pending = true;
    clock.after(0, () => {
      pending = false;
      void keep().catch((error: unknown) => {
        if (!hasReason(error, "AlreadyExists", "NotFound"))
          log.warn("custom resources keep their old APIServices", { error: String(error) });
      });
    });
  };
  soon();
  return registry.onChange(soon);
};

const apiServiceOf = (ofGroup: string, version: string): AnyObject => ({
  kind: "APIService",
  apiVersion: `${group}/v1`,
  metadata: { name: `${version}.${ofGroup}`, labels: { [label]: "true" } },
  spec: { group: ofGroup, version, groupPriorityMinimum: customPriorities.group, versionPriority: customPriorities.version },
});
