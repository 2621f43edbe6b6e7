import { hasReason } from "../../../../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../../../../apimachinery/meta/types.ts";
import type { Operation, Perform } from "../../../../../apimachinery/operation/operation.ts";
import { toTime, type Clock } from "../../../../../base/clock/clock.ts";
import { loopbackAgent, loopbackUser } from "../../../../loopback/loopback.ts";

const name = "kubernetes";

/** Shows the server's own ranges as the ServiceCIDR `kubernetes`, in releases that have the kind (upstream's defaultservicecidr controller). */
export const ensureDefaultServiceCIDR = async (perform: Perform, clock: Clock, cidrs: readonly string[]): Promise<void> => {
  const act = (what: Pick<Operation, "verb"> & Partial<Operation>) =>
    perform({ group: "networking.k8s.io", version: "v1", resource: "servicecidrs", user: loopbackUser, userAgent: loopbackAgent, ...what });
  const object: AnyObject = { metadata: { name }, spec: { cidrs } };
  try {
    await act({ verb: "create", object });
  } catch (error) {
    if (hasReason(error, "AlreadyExists")) return;
    throw error;
  }
  const ready = {
    type: "Ready",
    status: "True",
    reason: "",
    message: "Kubernetes default Service CIDR is ready",
    lastTransitionTime: toTime(clock.now()),
  };
  const patch = { type: "merge", body: { status: { conditions: [ready] } } } as const;
  await act({ verb: "patch", name, subresource: "status", patch });
};
