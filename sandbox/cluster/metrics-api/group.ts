import { nodes as nodeType, pods as podType } from "../../api/resources.ts";
import type { Node, Pod } from "../../api/types.ts";
import { badRequest, notFound } from "../../apimachinery/errors/constructors.ts";
import { parseFieldSelector } from "../../apimachinery/fields/selector.ts";
import { parseSelector } from "../../apimachinery/labels/parse.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { Reader } from "../../apiserver/cache/watch-cache.ts";
import type { Endpoint, EndpointGroup, EndpointRequest } from "../../apiserver/server/endpoint-group.ts";
import type { Clock } from "../../base/clock/clock.ts";
import { metricsVersion, nodeMetrics, podMetrics, type ContainerUsage } from "./usage.ts";

export interface MetricsParts {
  readonly reader: Reader;
  readonly clock: Clock;
  /** The running containers of a node, by the uid of their pods; undefined where nobody can ask the node. */
  readonly usageOn: (nodeName: string) => Promise<ReadonlyMap<string, readonly ContainerUsage[]> | undefined>;
}

/** `metrics.k8s.io/v1beta1`, in the place of a metrics-server: asked from the nodes' runtimes at the moment of the question. */
export const metricsApi = (parts: () => MetricsParts): EndpointGroup => ({
  group: "metrics.k8s.io",
  version: "v1beta1",
  endpoints: [
    endpoint("nodes", "NodeMetrics", false, (asked) => answerNodes(parts(), asked)),
    endpoint("pods", "PodMetrics", true, (asked) => answerPods(parts(), asked)),
    endpoint("pods", "PodMetrics", false, (asked) => answerPods(parts(), asked)),
  ],
});

const endpoint = (resource: string, kind: string, namespaced: boolean, get: (asked: EndpointRequest) => Promise<object>): Endpoint => ({
  resource,
  namespaced,
  kind,
  verbs: ["get", "list"],
  methods: { GET: get },
});

const answerNodes = async ({ reader, clock, usageOn }: MetricsParts, { name, query }: EndpointRequest): Promise<object> => {
  const metricsOf = async (node: Node) => {
    const usage = await usageOn(node.metadata.name ?? "");
    return usage && nodeMetrics(node, [...usage.values()].flat(), clock.now());
  };
  if (name !== "") {
    const node = reader.get("", "nodes", "", name) as Node | undefined;
    const metrics = node && (await metricsOf(node));
    if (!metrics) throw notFound({ group: "metrics.k8s.io", resource: nodeType.resource }, name);
    return metrics;
  }
  const asked = (reader.list("", "nodes") as readonly KubeObject[] as readonly Node[]).filter(selects(query));
  return listOf("NodeMetricsList", await Promise.all(asked.map(metricsOf)));
};

const answerPods = async ({ reader, clock, usageOn }: MetricsParts, { namespace, name, query }: EndpointRequest): Promise<object> => {
  const usages = new Map<string, ReturnType<MetricsParts["usageOn"]>>();
  const metricsOf = async (pod: Pod) => {
    const node = pod.spec.nodeName;
    if (!node || pod.status?.phase !== "Running") return undefined;
    const asked = usages.get(node) ?? usageOn(node);
    usages.set(node, asked);
    const containers = (await asked)?.get(pod.metadata.uid ?? "");
    return containers?.length ? podMetrics(pod, containers, clock.now()) : undefined;
  };
  if (name !== "") {
    const pod = reader.get("", "pods", namespace, name) as unknown as Pod | undefined;
    const metrics = pod && (await metricsOf(pod));
    if (!metrics) throw notFound({ group: "metrics.k8s.io", resource: podType.resource }, `${namespace}/${name}`);
    return metrics;
  }
  const all = reader.list("", "pods", namespace === "" ? undefined : namespace) as readonly KubeObject[] as readonly Pod[];
  return listOf("PodMetricsList", await Promise.all(all.filter(selects(query)).map(metricsOf)));
};

const listOf = (kind: string, items: readonly (object | undefined)[]): object => ({
  kind,
  apiVersion: metricsVersion,
  metadata: {},
  items: items.filter((item) => item !== undefined),
});

/** By labels and by `metadata.name` and `metadata.namespace`, as metrics-server selects. Throws 400 for what is no selector. */
const selects = (query: URLSearchParams): ((object: KubeObject) => boolean) => {
  const labels = read(parseSelector, query.get("labelSelector"));
  const fields = read(parseFieldSelector, query.get("fieldSelector"));
  return ({ metadata }) =>
    labels.matches(metadata.labels ?? {}) &&
    fields.matches((field) => (field === "metadata.name" ? metadata.name : field === "metadata.namespace" ? metadata.namespace : "") ?? "");
};

const read = <Selector>(parse: (text: string) => Selector, text: string | null): Selector => {
  try {
    return parse(text ?? "");
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
};
