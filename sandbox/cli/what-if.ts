import { readFile } from "node:fs/promises";
import { hasReason, StatusError } from "../apimachinery/errors/status.ts";
import type { RemoteApi } from "../client/rest/remote-api.ts";
import { whatIfOf, type WhatIf } from "../cluster/drydock-api/what-if.ts";
import { defaultVersion } from "../cluster/options.ts";
import { schedulerOptions, schedulingState } from "../scheduler/index.ts";
import { clusterOptions, withCluster } from "./connection.ts";
import { Failure, outputOption, UsageError, wantsJson, type Arguments, type Verb } from "./verb.ts";

/** `drydock what-if`: where pods would go, were the cluster different. Exit code 1 when one would stay pending. */
export const whatIf: Verb = {
  name: "what-if",
  help: "say where pods would go, and which would wait",
  options: {
    ...clusterOptions,
    "filename": { value: "FILE", help: "Manifests to place the pods of (-f); without, what waits in the cluster.", repeated: true },
    "replicas": { value: "N", help: "How many pods each workload has, whatever its manifest says." },
    "add-nodes": { value: "N[:cpu=…,memory=…]", help: "With so many nodes more." },
    "drain": { value: "NODE", help: "With this node drained.", repeated: true },
    "config": { value: "FILE", help: "With this KubeSchedulerConfiguration." },
    "namespace": { value: "NS", help: "Where manifests go that do not say (-n; default that of the context)." },
    ...outputOption,
  },
  async run(given, console) {
    if (given.words.length > 0) throw new UsageError("what-if takes no words: give manifests with -f FILE");
    const asJson = wantsJson(given);
    const asked = await requestOf(given);
    const answer = await withCluster(given, (api, namespace) => ask(api, { ...asked, namespace }));
    if (asJson) console.print(JSON.stringify(answer));
    else {
      console.print(answer.sentence);
      for (const { pod, node, origin, preempts, sentence } of answer.placements)
        console.print(`${pod} (${origin}) → ${node ?? "pending"}${preempts ? ` after ${preempts.join(", ")} left` : ""}: ${sentence}`);
    }
    return answer.placements.every(({ node }) => node !== undefined) ? 0 : 1;
  },
};

const requestOf = async (given: Arguments): Promise<object> => {
  const text = (file: string): Promise<string> =>
    readFile(file, "utf8").catch((error: unknown) => {
      throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
    });
  const replicas = given.integer("replicas", { most: 10_000 });
  const addNodes = given.text("add-nodes");
  const config = given.text("config");
  return {
    manifests: (await Promise.all(given.texts("filename").map(text))).join("\n---\n"),
    drain: given.texts("drain"),
    ...(replicas !== undefined && { replicas }),
    ...(addNodes !== undefined && { addNodes: newNodesOf(addNodes) }),
    ...(config !== undefined && { schedulerConfig: await text(config) }),
  };
};

const newNodesOf = (text: string): object => {
  const [, count = "", rest = ""] = /^([0-9]+)(?::(.+))?$/.exec(text) ?? [];
  const pairs = rest === "" ? [] : rest.split(",").map((pair) => /^(cpu|memory)=(.+)$/.exec(pair));
  if (count === "" || pairs.includes(null)) throw new UsageError(`--add-nodes takes 3 or 3:cpu=8,memory=32Gi, not ${JSON.stringify(text)}`);
  const sizes: Readonly<Record<string, string>> = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
  return { count: Number(count), ...sizes };
};

/** A sandbox answers itself. Of any other cluster one snapshot is read, and our scheduler run over it. */
const ask = async (api: RemoteApi, asked: object): Promise<WhatIf> => {
  try {
    return await api.ask<WhatIf>("POST", "/apis/drydock.dev/v1alpha1/whatif", asked);
  } catch (error) {
    if (!hasReason(error, "NotFound", "Forbidden") && !(error instanceof StatusError && error.code === 404)) throw error;
  }
  const state = await schedulingState(async (type) => (await api.list(type)).items);
  return whatIfOf(asked, { state, profiles: schedulerOptions().profiles, version: defaultVersion });
};
