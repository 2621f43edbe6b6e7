import type { Pod, PodAffinityTerm, Toleration } from "../../api/types.ts";
import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { nothing, SelectorError, type Labels, type Selector } from "../../apimachinery/labels/selector.ts";
import { hostPortsOf, type HostPort } from "./host-ports.ts";
import { podRequests } from "./pod-requests.ts";
import { defaultMemoryRequest, defaultMilliCPURequest, type Resources } from "./resources.ts";

/** A pod affinity term, ready to be asked (framework.AffinityTerm). */
export class AffinityTerm {
  readonly topologyKey: string;
  readonly weight: number;
  readonly #selector: Selector;
  readonly #namespaces: ReadonlySet<string>;
  readonly #namespaceSelector: Selector;

  /** The labels of pods that the term looks at. */
  get labelKeys(): readonly string[] {
    return this.#selector.requirements.map(({ key }) => key);
  }

  constructor(term: PodAffinityTerm, podNamespace: string, weight = 0) {
    this.topologyKey = term.topologyKey;
    this.weight = weight;
    this.#selector = safely(() => selectorOf(term.labelSelector));
    const own = !term.namespaces?.length && !term.namespaceSelector;
    this.#namespaces = new Set(own ? [podNamespace] : term.namespaces);
    this.#namespaceSelector = safely(() => selectorOf(term.namespaceSelector));
  }

  /** Whether the term speaks of this pod. `namespaceLabels` are those of the pod's namespace. */
  matches(pod: PodInfo, namespaceLabels: Labels): boolean {
    if (!this.#namespaces.has(pod.namespace) && !this.#namespaceSelector.matches(namespaceLabels)) return false;
    return this.#selector.matches(pod.labels);
  }
}

/** All affinity and anti-affinity terms of a pod. */
export const termsOf = (pod: PodInfo): readonly AffinityTerm[] => [
  ...pod.requiredAffinity,
  ...pod.requiredAntiAffinity,
  ...pod.preferredAffinity,
  ...pod.preferredAntiAffinity,
];

/** A stored selector that no longer parses matches nothing. */
const safely = (parse: () => Selector): Selector => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) return nothing;
    throw error;
  }
};

const noTerms: readonly AffinityTerm[] = [];
const noTolerations: readonly Toleration[] = [];
const noNames: readonly string[] = [];

/** A pod with what scheduling reads off it worked out once (framework.PodInfo). */
export class PodInfo {
  /** The object as it was last seen; newer ones differ in nothing that is worked out here. */
  pod: Pod;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name`. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly requests: Resources;
  /** The requests for scoring: containers that ask for nothing count with a default. */
  readonly nonZeroMilliCPU: number;
  readonly nonZeroMemory: number;
  readonly hostPorts: readonly HostPort[];
  readonly tolerations: readonly Toleration[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
  readonly hasAffinity: boolean;
  /** Names of the claims its volumes use, those of ephemeral volumes among them. */
  readonly claimNames: readonly string[];

  constructor(pod: Pod) {
    const { metadata, spec } = pod;
    this.pod = pod;
    this.namespace = metadata.namespace ?? "default";
    this.name = metadata.name ?? "";
    this.key = `${this.namespace}/${this.name}`;
    this.uid = metadata.uid ?? this.key;
    this.labels = metadata.labels ?? {};
    this.priority = spec?.priority ?? 0;
    this.requests = podRequests(pod);
    const nonZero = isPlain(pod, this.requests) ? undefined : podRequests(pod, true);
    this.nonZeroMilliCPU = nonZero?.milliCPU ?? (this.requests.milliCPU || defaultMilliCPURequest);
    this.nonZeroMemory = nonZero?.memory ?? (this.requests.memory || defaultMemoryRequest);
    this.hostPorts = hostPortsOf(pod);
    this.tolerations = spec?.tolerations ?? noTolerations;
    const podAffinity = spec?.affinity?.podAffinity;
    const podAntiAffinity = spec?.affinity?.podAntiAffinity;
    const { namespace } = this;
    this.hasAffinity = Boolean(podAffinity ?? podAntiAffinity);
    this.requiredAffinity = requiredTerms(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, namespace);
    this.requiredAntiAffinity = requiredTerms(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution, namespace);
    this.preferredAffinity = preferredTerms(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution, namespace);
    this.preferredAntiAffinity = preferredTerms(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution, namespace);
    this.claimNames = claimNamesOf(pod);
  }
}

/** One container and nothing that adds to it: the defaults of scoring need no second sum. */
const isPlain = ({ spec }: Pod, requests: Resources): boolean => {
  if (spec?.containers.length !== 1 || spec.initContainers?.length || spec.overhead || spec.resources) return false;
  const asked = spec.containers[0]?.resources?.requests;
  return !asked || ((asked["cpu"] === undefined || requests.milliCPU > 0) && (asked["memory"] === undefined || requests.memory > 0));
};

const requiredTerms = (terms: readonly PodAffinityTerm[] | undefined, namespace: string): readonly AffinityTerm[] =>
  terms?.length ? terms.map((term) => new AffinityTerm(term, namespace)) : noTerms;

const preferredTerms = (
  terms: readonly { readonly weight: number; readonly podAffinityTerm: PodAffinityTerm }[] | undefined,
  namespace: string,
): readonly AffinityTerm[] =>
  terms?.length ? terms.map(({ weight, podAffinityTerm }) => new AffinityTerm(podAffinityTerm, namespace, weight)) : noTerms;

const claimNamesOf = ({ metadata, spec }: Pod): readonly string[] => {
  if (!spec?.volumes?.length) return noNames;
  const names: string[] = [];
  for (const volume of spec.volumes) {
    if (volume.persistentVolumeClaim) names.push(volume.persistentVolumeClaim.claimName);
    else if (volume.ephemeral) names.push(`${metadata.name ?? ""}-${volume.name}`);
  }
  return names.length > 0 ? names : noNames;
};
