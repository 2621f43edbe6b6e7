import type { Clock } from "../../base/clock/clock.ts";
import type { ExtenderConfiguration } from "../config/types.ts";
import type { NodeInfo } from "../framework/node-info.ts";
import type { Victims } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { Extender } from "./extender.ts";

const defaultTimeout = 5000;

/** `1m30s`, `500ms`; undefined where it is none. */
const milliseconds = (duration: string | undefined): number | undefined => {
  if (duration === undefined || !/^([0-9.]+(ms|s|m|h))+$/.test(duration)) return undefined;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  let sum = 0;
  for (const [, amount, unit] of duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)) sum += Number(amount) * units[unit!]!;
  return sum;
};

interface FilterAnswer {
  readonly nodes?: { readonly items?: readonly { readonly metadata: { readonly name: string } }[] };
  readonly nodenames?: readonly string[];
  readonly failedNodes?: Readonly<Record<string, string>>;
  readonly failedAndUnresolvableNodes?: Readonly<Record<string, string>>;
  readonly error?: string;
}

interface PreemptionAnswer {
  readonly nodeNameToMetaVictims?: Readonly<
    Record<string, { readonly pods?: readonly { readonly uid: string }[]; readonly numPDBViolations?: number }>
  >;
}

/** An extender that is asked over HTTP (HTTPExtender). */
export const httpExtender = (configuration: ExtenderConfiguration, clock: Clock): Extender => {
  const {
    urlPrefix,
    filterVerb,
    prioritizeVerb,
    preemptVerb,
    bindVerb,
    weight = 1,
    nodeCacheCapable = false,
    ignorable = false,
  } = configuration;
  const managed = new Set((configuration.managedResources ?? []).map(({ name }) => name));
  const timeout = milliseconds(configuration.httpTimeout) ?? defaultTimeout;

  const ask = async <Answer>(verb: string, question: unknown): Promise<Answer> => {
    const controller = new AbortController();
    const timer = clock.after(timeout, () => controller.abort(new Error(`${urlPrefix} did not answer within ${String(timeout)} ms`)));
    try {
      const request = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(question),
        signal: controller.signal,
      };
      const response = await clock.busy(fetch(`${urlPrefix.replace(/\/+$/, "")}/${verb}`, request));
      if (!response.ok) throw new Error(`failed ${verb} with extender at URL ${urlPrefix}, code ${String(response.status)}`);
      return (await clock.busy(response.json())) as Answer;
    } finally {
      timer.cancel();
    }
  };

  const question = ({ pod }: PodInfo, nodes: readonly NodeInfo[]): unknown =>
    nodeCacheCapable
      ? { pod, nodenames: nodes.map(({ name }) => name) }
      : { pod, nodes: { kind: "NodeList", apiVersion: "v1", metadata: {}, items: nodes.map(({ node }) => node) } };

  return {
    name: urlPrefix,
    ignorable,
    weight,
    isInterested: (pod) => managed.size === 0 || asksFor(pod, managed),
    ...(filterVerb && {
      async filter(pod, nodes) {
        const answer = await ask<FilterAnswer>(filterVerb, question(pod, nodes));
        if (answer.error) throw new Error(answer.error);
        const kept = answer.nodenames ?? answer.nodes?.items?.map(({ metadata }) => metadata.name) ?? [];
        return { kept, failed: answer.failedNodes ?? {}, failedAndUnresolvable: answer.failedAndUnresolvableNodes ?? {} };
      },
    }),
    ...(prioritizeVerb && {
      async prioritize(pod, nodes) {
        const answer = await ask<readonly { readonly host: string; readonly score: number }[]>(prioritizeVerb, question(pod, nodes));
        return Object.fromEntries(answer.map(({ host, score }) => [host, score]));
      },
    }),
    ...(preemptVerb && {
      async preempt(pod, candidates) {
        const victims: Record<string, unknown> = {};
        for (const { node, pods, disruptionBudgetViolations } of candidates)
          victims[node.name] = { pods: pods.map(({ uid }) => ({ uid })), numPDBViolations: disruptionBudgetViolations };
        const answer = await ask<PreemptionAnswer>(preemptVerb, { pod: pod.pod, nodeNameToMetaVictims: victims });
        return candidates.flatMap((candidate) => agreed(candidate, answer));
      },
    }),
    ...(bindVerb && {
      async bind(pod, node) {
        const answer = await ask<{ readonly error?: string }>(bindVerb, {
          podName: pod.name,
          podNamespace: pod.namespace,
          podUID: pod.uid,
          node,
        });
        if (answer.error) throw new Error(answer.error);
      },
    }),
  };
};

/** A candidate with the victims that the extender left, if it left any. */
const agreed = (candidate: Victims, { nodeNameToMetaVictims = {} }: PreemptionAnswer): readonly Victims[] => {
  const answer = Object.hasOwn(nodeNameToMetaVictims, candidate.node.name) ? nodeNameToMetaVictims[candidate.node.name] : undefined;
  const uids = new Set((answer?.pods ?? []).map(({ uid }) => uid));
  const pods = candidate.node.pods.filter(({ uid }) => uids.has(uid));
  return pods.length > 0
    ? [{ ...candidate, pods, disruptionBudgetViolations: answer?.numPDBViolations ?? candidate.disruptionBudgetViolations }]
    : [];
};

const asksFor = ({ pod: { spec } }: PodInfo, managed: ReadonlySet<string>): boolean =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(({ resources }) =>
    [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})].some((name) => managed.has(name)),
  );
