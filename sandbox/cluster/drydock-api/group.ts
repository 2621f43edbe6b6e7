import type { EndpointGroup } from "../../apiserver/server/endpoint-group.ts";
import type { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { drydockGroup } from "./body.ts";
import { clockEndpoints } from "./clock.ts";
import { schedulingEndpoint, type SchedulingParts } from "./scheduling.ts";
import { whatIfEndpoint } from "./what-if.ts";

export interface DrydockParts extends SchedulingParts {
  readonly clock: ClusterClock;
}

/** `drydock.dev/v1alpha1`: what Kubernetes has no word for. `parts` is asked when a request comes, since the server is made before the rest. */
export const drydockApi = (parts: () => DrydockParts): EndpointGroup => ({
  group: drydockGroup,
  version: "v1alpha1",
  unlisted: true,
  endpoints: [
    ...clockEndpoints(
      () => parts().clock,
      () => parts().controlPlane,
    ),
    schedulingEndpoint(parts),
    whatIfEndpoint(parts),
  ],
});
