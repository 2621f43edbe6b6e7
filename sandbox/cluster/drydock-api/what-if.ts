import { loadPack, type PackVersion } from "../../api/pack/load-pack.ts";
import type { Pod } from "../../api/types.ts";
import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { apiVersionOf, type AnyObject } from "../../apimachinery/meta/types.ts";
import { readYaml, YamlError } from "../../apimachinery/decode/yaml.ts";
import { splitDocuments } from "../../apimachinery/yaml/split.ts";
import { quantityOf } from "../../apimachinery/quantity/parse.ts";
import { ManifestChecker } from "../../apiserver/manifests/check.ts";
import type { Endpoint } from "../../apiserver/server/endpoint-group.ts";
import { SeededRandom } from "../../base/random/random.ts";
import {
  ConfigurationError,
  newNodes,
  parseConfiguration,
  playScenario,
  schedulerOptions,
  schedulingState,
  type ScenarioResult,
  type SchedulingState,
} from "../../scheduler/index.ts";
import { bodyFields, drydockVersion } from "./body.ts";
import type { SchedulingParts } from "./scheduling.ts";

/** Where pods would go: in one scenario, or in two side by side. */
export interface WhatIf extends ScenarioResult {
  readonly apiVersion: string;
  readonly kind: "WhatIf";
  readonly against?: ScenarioResult;
}

type Profiles = ReturnType<typeof schedulerOptions>["profiles"];

/** `whatif`: where pods would go, were the cluster different. Nothing is written. */
export const whatIfEndpoint = (parts: () => SchedulingParts): Endpoint => ({
  resource: "whatif",
  namespaced: false,
  kind: "WhatIf",
  verbs: ["create"],
  methods: {
    POST: async (asked) => {
      const { controlPlane, scheduler } = parts();
      const { reader } = controlPlane.apiServer;
      const state = await schedulingState(({ group, resource }) =>
        Promise.resolve(reader.list(group, resource) as readonly unknown[] as never),
      );
      const profiles = (scheduler?.options ?? schedulerOptions()).profiles;
      return whatIfOf(await asked.body(), { state, profiles, version: controlPlane.pack.version as PackVersion });
    },
  },
});

export interface WhatIfContext {
  readonly state: SchedulingState;
  /** Of the scheduler that runs; a request may bring its own. */
  readonly profiles: Profiles;
  /** Whose defaults manifests get. */
  readonly version: PackVersion;
}

/** Answers a what-if request over a snapshot. Throws 400 for what cannot be understood. */
export const whatIfOf = (body: unknown, context: WhatIfContext): WhatIf => {
  const { against, ...asked } = bodyFields(body);
  const other = against === undefined || against === null ? undefined : bodyFields(against);
  return {
    apiVersion: drydockVersion,
    kind: "WhatIf",
    ...played(asked, context),
    // What the other scenario does not say is as in the first.
    ...(other && { against: played({ ...asked, ...other }, context) }),
  };
};

const mostReplicas = 10_000;
const mostNodes = 10_000;

const played = (fields: Readonly<Record<string, unknown>>, { state, profiles, version }: WhatIfContext): ScenarioResult => {
  const { manifests, replicas, addNodes, drain, schedulerConfig, namespace = "default" } = fields;
  const checker = new ManifestChecker(version, 0);
  const { resources } = loadPack(version);
  const isNamespaced = ({ apiVersion, kind }: AnyObject): boolean =>
    resources.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion)?.namespaced ?? true;
  const objects = objectsOf(manifests).map((object): AnyObject => {
    const created = checker.created(object) ?? object;
    if (!isNamespaced(object)) return created;
    return { ...created, metadata: { ...created.metadata, namespace: object.metadata.namespace ?? String(namespace) } };
  });
  const drained = drain === undefined ? [] : [drain].flat().map(String);
  for (const name of drained)
    if (!state.nodes.some(({ metadata }) => metadata.name === name)) throw badRequest(`drain: there is no node ${JSON.stringify(name)}`);
  return playScenario(
    state,
    {
      manifests: objects,
      ...(replicas !== undefined && replicas !== null && { replicas: countOf(replicas, "replicas", mostReplicas) }),
      newNodes: addNodes === undefined || addNodes === null ? [] : newNodes(groupOf(addNodes), state.nodes),
      drain: drained,
      complete: (pod) => (checker.created(pod) as unknown as Pod | undefined) ?? pod,
    },
    { profiles: schedulerConfig === undefined ? profiles : profilesOf(schedulerConfig), random: new SeededRandom(1) },
  );
};

const countOf = (value: unknown, field: string, most: number): number => {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw badRequest(`${field} must be a whole number from 0 to ${String(most)}, not ${JSON.stringify(value)}`);
};

const groupOf = (asked: unknown): Parameters<typeof newNodes>[0] => {
  const { count, cpu, memory, labels } = typeof asked === "number" ? { count: asked } : bodyFields(asked);
  const amount = (value: unknown, name: string): string => {
    const text = String(value);
    try {
      quantityOf(text);
      return text;
    } catch {
      throw badRequest(`addNodes.${name}: ${JSON.stringify(value)} is no quantity`);
    }
  };
  return {
    count: countOf(count, "addNodes", mostNodes),
    ...(cpu !== undefined && { cpu: amount(cpu, "cpu") }),
    ...(memory !== undefined && { memory: amount(memory, "memory") }),
    ...(labels !== undefined && { labels: bodyFields(labels) as Readonly<Record<string, string>> }),
  };
};

const profilesOf = (config: unknown): Profiles => {
  try {
    return schedulerOptions(parseConfiguration(typeof config === "string" ? config : JSON.stringify(config))).profiles;
  } catch (error) {
    if (error instanceof ConfigurationError) throw badRequest(`schedulerConfig: ${error.message}`);
    throw error;
  }
};

/** Manifests are YAML of any number of documents, or objects; Lists are opened. */
const objectsOf = (manifests: unknown): readonly AnyObject[] => {
  if (manifests === undefined || manifests === null) return [];
  const values = typeof manifests === "string" ? documentsOf(manifests) : [manifests].flat();
  return values.flatMap((value): readonly AnyObject[] => {
    if (value === null || value === undefined) return [];
    const object = bodyFields(value) as AnyObject;
    if (object.kind === "List" && Array.isArray(object["items"])) return objectsOf(object["items"]);
    if (typeof object.kind !== "string" || typeof object.apiVersion !== "string") throw badRequest("a manifest has no apiVersion and kind");
    return [{ ...object, metadata: bodyFields(object.metadata) }];
  });
};

const documentsOf = (text: string): readonly unknown[] => {
  try {
    return splitDocuments(text).map((document) => readYaml(document.text).value);
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`the manifests cannot be read: ${error.message}`);
    throw error;
  }
};
