import type { Container, Pod } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import type { StrategyContext } from "../../strategy.ts";
import { setPodSpecDefaults } from "../podspec/defaults.ts";
import { podLevelRequests } from "../podspec/pod-level-resources.ts";

/** SetDefaults_Pod: what holds of pods, but not of templates. */
export const setPodDefaults = (pod: Draft<Pod>, context: Pick<StrategyContext, "enabled">): void => {
  pod.spec ??= { containers: [] };
  const { spec } = pod;
  setPodSpecDefaults(spec, context);
  for (const list of [spec.containers, spec.initContainers]) {
    if (!list) continue;
    for (const container of list) {
      requestWhatIsLimited(container);
      if (spec.hostNetwork) useHostPorts(container);
    }
  }
  if (spec.resources && context.enabled("PodLevelResources")) {
    const requests = podLevelRequests(spec);
    if (requests) spec.resources.requests = requests;
  }
  spec.enableServiceLinks ??= true;
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
};

/** Who says what a container may take at most, and not what it needs, means the same. */
const requestWhatIsLimited = ({ resources }: Draft<Container>): void => {
  if (!resources?.limits) return;
  const requests = (resources.requests ??= {});
  for (const name in resources.limits) if (!Object.hasOwn(requests, name)) requests[name] = resources.limits[name]!;
  if (Object.keys(requests).length === 0) delete resources.requests;
};

const useHostPorts = ({ ports }: Draft<Container>): void => {
  for (const port of ports ?? []) port.hostPort ||= port.containerPort;
};
