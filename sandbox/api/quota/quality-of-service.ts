import type { Container, Pod } from "../types.ts";
import { amountsOf, type Amounts } from "../pod-resources.ts";

const counted = ["cpu", "memory"];

/** A pod's quality of service, from what its containers ask for (ComputePodQOS): nothing, exactly their limits, or something between. */
export const qosOf = ({ spec, status }: Pod): string => {
  if (status?.qosClass !== undefined && status.qosClass !== "") return status.qosClass;
  const containers: readonly Container[] = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const asks = spec?.resources ? [spec.resources] : containers.map(({ resources }) => resources ?? {});
  const positive = (list: Readonly<Record<string, unknown>> | undefined): Amounts =>
    new Map([...amountsOf(list)].filter(([name, amount]) => counted.includes(name) && amount.sign() > 0));
  const each = asks.map(({ requests, limits }) => ({ requests: positive(requests), limits: positive(limits) }));
  if (each.every(({ requests, limits }) => requests.size === 0 && limits.size === 0)) return "BestEffort";
  const isGuaranteed = each.every(({ requests, limits }) =>
    counted.every((name) => {
      const limit = limits.get(name);
      return limit !== undefined && limit.compare(requests.get(name) ?? limit) === 0;
    }),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
};
