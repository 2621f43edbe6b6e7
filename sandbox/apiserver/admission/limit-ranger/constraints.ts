import { amountsOf, podLimits, podRequests, type Amounts } from "../../../api/pod-resources.ts";
import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from "../../../api/types.ts";
import type { Quantity } from "../../../apimachinery/quantity/quantity.ts";

/** Where a pod leaves the bounds of a LimitRange, in upstream's words. */
export const excessesOfPod = ({ spec }: LimitRange, pod: Pod): readonly string[] =>
  (spec?.limits ?? []).flatMap((item) => {
    if (item.type === "Container")
      return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap(({ resources }) =>
        excesses(item, amountsOf(resources?.requests), amountsOf(resources?.limits)),
      );
    return item.type === "Pod" ? excesses(item, podRequests(pod, { withOverhead: false }), podLimits(pod, { withOverhead: false })) : [];
  });

/** The same of a claim, which has requests only. */
export const excessesOfClaim = ({ spec }: LimitRange, claim: PersistentVolumeClaim): readonly string[] =>
  (spec?.limits ?? []).flatMap((item) => {
    if (item.type !== "PersistentVolumeClaim") return [];
    const requests = amountsOf(claim.spec?.resources?.requests);
    return [
      ...sorted(item.min).flatMap(([name, least]) => belowMinimum(item.type, name, least, requests, new Map())),
      ...sorted(item.max).flatMap(([name, most]) => aboveMaximumRequest(item.type, name, most, requests)),
    ];
  });

const sorted = (list: Readonly<Record<string, unknown>> | undefined): [string, Quantity][] =>
  [...amountsOf(list)].sort(([a], [b]) => (a < b ? -1 : 1));

const excesses = (item: LimitRangeItem, requests: Amounts, limits: Amounts): string[] => [
  ...sorted(item.min).flatMap(([name, least]) => belowMinimum(item.type, name, least, requests, limits)),
  ...sorted(item.max).flatMap(([name, most]) => aboveMaximum(item.type, name, most, requests, limits)),
  ...sorted(item.maxLimitRequestRatio).flatMap(([name, most]) => aboveRatio(item.type, name, most, requests, limits)),
];

const belowMinimum = (type: string, name: string, least: Quantity, requests: Amounts, limits: Amounts): string[] => {
  const rule = `minimum ${name} usage per ${type} is ${least.toString()}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (!request) return [`${rule}.  No request is specified`];
  if (request.compare(least) < 0) return [`${rule}, but request is ${request.toString()}`];
  return limit && limit.compare(least) < 0 ? [`${rule}, but limit is ${limit.toString()}`] : [];
};

const aboveMaximum = (type: string, name: string, most: Quantity, requests: Amounts, limits: Amounts): string[] => {
  const rule = `maximum ${name} usage per ${type} is ${most.toString()}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (!limit) return [`${rule}.  No limit is specified`];
  if (limit.compare(most) > 0) return [`${rule}, but limit is ${limit.toString()}`];
  return request && request.compare(most) > 0 ? [`${rule}, but request is ${request.toString()}`] : [];
};

const aboveMaximumRequest = (type: string, name: string, most: Quantity, requests: Amounts): string[] => {
  const rule = `maximum ${name} usage per ${type} is ${most.toString()}`;
  const request = requests.get(name);
  if (!request) return [`${rule}.  No request is specified`];
  return request.compare(most) > 0 ? [`${rule}, but request is ${request.toString()}`] : [];
};

const aboveRatio = (type: string, name: string, most: Quantity, requests: Amounts, limits: Amounts): string[] => {
  const rule = `${name} max limit to request ratio per ${type} is ${most.toString()}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (!request || request.isZero()) return [`${rule}, but no request is specified or request is 0`];
  if (!limit || limit.isZero()) return [`${rule}, but no limit is specified or limit is 0`];
  const ratio = limit.approximate() / request.approximate();
  return ratio > most.approximate() ? [`${rule}, but provided ratio is ${ratio.toFixed(6)}`] : [];
};
