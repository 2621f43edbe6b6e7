import { pods } from "../api/resources.ts";
import { hasReason } from "../apimachinery/errors/status.ts";
import { SeededRandom } from "../base/random/random.ts";
import type { RemoteApi } from "../client/rest/remote-api.ts";
import { podScheduling, type PodScheduling } from "../cluster/drydock-api/pod-scheduling.ts";
import { explainPresent, schedulerOptions, schedulingState } from "../scheduler/index.ts";
import { clusterOptions, withCluster } from "./connection.ts";
import { placementTable } from "./placement-table.ts";
import { outputOption, UsageError, wantsJson, type Verb } from "./verb.ts";

/** `drydock explain scheduling pod/NAME`: why a pod is where it is, or nowhere. */
export const explain: Verb = {
  name: "explain",
  help: "say why a pod is where it is, or nowhere",
  words: "scheduling pod/NAME",
  options: {
    ...clusterOptions,
    namespace: { value: "NS", help: "The pod's namespace (-n; default that of the context)." },
    ...outputOption,
  },
  async run(given, console) {
    const asJson = wantsJson(given);
    const [what, target = "", ...more] = given.words;
    const name = /^(?:pods?|po)\/([^/]+)$/.exec(target)?.[1];
    if (what !== "scheduling" || name === undefined || more.length > 0) throw new UsageError("explain takes: scheduling pod/NAME");
    const answer = await withCluster(given, (api, namespace) => ask(api, namespace, name));
    if (asJson) console.print(JSON.stringify(answer));
    else for (const line of [answer.sentence, "", ...placementTable(answer)]) console.print(line);
    return 0;
  },
};

/** A sandbox explains itself. Of any other cluster one snapshot is read, and our scheduler run over it. */
const ask = async (api: RemoteApi, namespace: string, name: string): Promise<PodScheduling> => {
  const place = `namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  try {
    return await api.ask<PodScheduling>("GET", `/apis/drydock.dev/v1alpha1/${place}/scheduling`);
  } catch (error) {
    if (!hasReason(error, "NotFound", "Forbidden")) throw error;
  }
  const pod = await api.get(pods, { namespace, name });
  const state = await schedulingState(async (type) => (await api.list(type)).items);
  return podScheduling(pod, explainPresent(state, pod, { profiles: schedulerOptions().profiles, random: new SeededRandom(1) }));
};
