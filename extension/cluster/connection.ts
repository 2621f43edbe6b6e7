import * as resources from "../../sandbox/index.ts";
import type { KubeObject, ResourceType } from "../../sandbox/index.ts";
import type { Disposable } from "../support/signal.ts";
import { ApiClient } from "./client/api-client.ts";
import { Collection } from "./client/collection.ts";
import { Discovery } from "./client/discovery.ts";
import type { Credentials } from "./kubeconfig/kubeconfig.ts";

/** Objects under the UIDs of all their owners: what `metadata.ownerReferences` says, turned round. */
const byOwner = { owner: ({ metadata }: KubeObject) => metadata.ownerReferences?.map(({ uid }) => uid) ?? [] };

/** One API server while it answers: a client, and the kinds that the views follow. Nothing is fetched before it is asked for. */
export class Connection implements Disposable {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly kubeconfig: string;
  readonly #collections: Collection<KubeObject>[] = [];

  readonly nodes;
  readonly namespaces;
  readonly pods;
  readonly deployments;
  readonly replicaSets;
  readonly statefulSets;
  readonly daemonSets;
  readonly jobs;
  readonly cronJobs;
  readonly services;
  readonly endpointSlices;
  readonly ingresses;
  readonly configMaps;
  readonly secrets;
  readonly persistentVolumeClaims;
  readonly serviceAccounts;
  readonly events;

  constructor(kubeconfig: string, credentials: Credentials) {
    this.kubeconfig = kubeconfig;
    this.client = new ApiClient(credentials);
    this.discovery = new Discovery(this.client);
    this.nodes = this.#follow(resources.nodes);
    this.namespaces = this.#follow(resources.namespaces);
    this.pods = this.#follow(resources.pods, { ...byOwner, node: ({ spec }) => (spec.nodeName === undefined ? [] : [spec.nodeName]) });
    this.deployments = this.#follow(resources.deployments);
    this.replicaSets = this.#follow(resources.replicaSets, byOwner);
    this.statefulSets = this.#follow(resources.statefulSets);
    this.daemonSets = this.#follow(resources.daemonSets);
    this.jobs = this.#follow(resources.jobs, byOwner);
    this.cronJobs = this.#follow(resources.cronJobs);
    this.services = this.#follow(resources.services);
    this.endpointSlices = this.#follow(resources.endpointSlices, {
      service: ({ metadata: { namespace, labels } }) => [`${namespace ?? ""}/${labels?.["kubernetes.io/service-name"] ?? ""}`],
    });
    this.ingresses = this.#follow(resources.ingresses);
    this.configMaps = this.#follow(resources.configMaps);
    this.secrets = this.#follow(resources.secrets);
    this.persistentVolumeClaims = this.#follow(resources.persistentVolumeClaims);
    this.serviceAccounts = this.#follow(resources.serviceAccounts);
    this.events = this.#follow(resources.events, { about: ({ involvedObject }) => [involvedObject.uid ?? ""] });
  }

  dispose(): void {
    for (const collection of this.#collections) collection.dispose();
    this.client.dispose();
  }

  #follow<T extends KubeObject>(
    type: ResourceType<T>,
    indexes?: Readonly<Record<string, (object: T) => readonly string[]>>,
  ): Collection<T> {
    const collection = new Collection(this.client, type, indexes);
    this.#collections.push(collection as unknown as Collection<KubeObject>);
    return collection;
  }
}
