import { configMaps, secrets } from "../api/resources.ts";
import type { Container, Node, Pod, Service } from "../api/types.ts";
import { quantityOf } from "../apimachinery/quantity/parse.ts";
import { hasReason } from "../apimachinery/errors/status.ts";
import type { KubeObject, ResourceType } from "../apimachinery/meta/types.ts";
import type { Clock } from "../base/clock/clock.ts";
import type { Component } from "../base/lifecycle/component.ts";
import type { Random } from "../base/random/random.ts";
import type { Client } from "../client/client.ts";
import type { EventRecorder } from "../client/events/event-recorder.ts";
import { referenceTo } from "../client/events/reference.ts";
import type { ContainerRuntime } from "../cri/cri.ts";
import type { HostFiles } from "../cri/host-files.ts";
import { admitPod } from "./admission/pod-admission.ts";
import type { DnsConfig } from "./container/container-config.ts";
import type { NodeFacts } from "./container/downward-api.ts";
import type { EnvironmentSources } from "./container/environment.ts";
import { ImageManager } from "./images/image-manager.ts";
import { NodeAgent } from "./node/node-agent.ts";
import type { NodeShape } from "./node/node-object.ts";
import { lifecycleHooks, type HookRequest } from "./podworkers/lifecycle-hooks.ts";
import { PodRunner } from "./podworkers/pod-runner.ts";
import { PodWorkers } from "./podworkers/pod-workers.ts";
import type { ProbeRunner } from "./prober/probe-runner.ts";
import { Prober } from "./prober/prober.ts";
import { StatusManager } from "./status/status-manager.ts";
import { VolumeManager } from "./volumes/volume-manager.ts";

/** Where a kubelet hears of its pods: its own watch, or one that many simulated nodes share. */
export interface PodSource {
  /** Calls `changed` for every pod of the node, now and later; `next` is absent when it is gone. Answers how to stop. */
  subscribe(nodeName: string, changed: (previous: Pod | undefined, next: Pod | undefined) => void): () => void;
}

export interface KubeletOptions {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly shape: NodeShape;
  readonly runtime: ContainerRuntime;
  /** `containerd`: in front of container ids. */
  readonly runtimeName: string;
  readonly files: HostFiles;
  readonly pods: PodSource;
  /** The Services that pods see in their environment. */
  readonly services: () => readonly Service[];
  readonly probes: ProbeRunner;
  readonly hookRequest: HookRequest;
  readonly clusterDns: () => string | undefined;
  readonly nodeDns: DnsConfig;
}

/** The node agent: keeps the pods that were bound to its node running, and says how they are. */
export class Kubelet implements Component {
  readonly name = "kubelet";
  readonly #options: KubeletOptions;
  readonly #agent: NodeAgent;
  readonly #workers: PodWorkers;
  readonly #prober: Prober;
  #ends: (() => void)[] = [];

  constructor(options: KubeletOptions) {
    this.#options = options;
    const { client, clock, random, runtime, runtimeName, shape, files, events } = options;
    const tell = (pod: Pod, container: Container | undefined, type: "Normal" | "Warning", reason: string, message: string): void =>
      events.event(referenceTo(pod, container && fieldPathOf(pod, container)), type, reason, message);
    this.#agent = new NodeAgent({
      client,
      clock,
      random,
      shape,
      images: () => runtime.images.listImages(),
      tell: (_node: Node, type, reason, message) =>
        events.event({ kind: "Node", name: shape.name, uid: shape.name }, type, reason, message),
    });
    this.#prober = new Prober({
      clock,
      random,
      run: options.probes,
      changed: (uid) => this.#workers.wake(uid),
      tell,
      podOf: (uid) => this.#workers.podOf(uid),
    });
    const hostIPs = (): readonly string[] => shape.addresses;
    const runner = new PodRunner({
      runtime,
      files,
      clock,
      tell,
      images: new ImageManager(runtime.images, clock),
      sources: (pod) => this.#sources(pod),
      nodeFacts: (podIPs) => this.#nodeFacts(podIPs),
      clusterDns: options.clusterDns,
      nodeDns: options.nodeDns,
      hook: lifecycleHooks(runtime, clock, options.hookRequest),
    });
    this.#workers = new PodWorkers({
      client,
      clock,
      runtime,
      runtimeName,
      files,
      minor: Number(/^v?\d+\.(\d+)/.exec(shape.kubeletVersion)?.[1] ?? 0),
      runner,
      tell,
      hostIPs,
      statuses: new StatusManager(client),
      volumes: new VolumeManager(client, files),
      prober: this.#prober,
      admit: (pod) =>
        this.#agent.node
          ? admitPod(
              pod,
              this.#workers.active().filter((other) => other.metadata.uid !== pod.metadata.uid),
              this.#agent.node,
            )
          : undefined,
      nodeFacts: (podIPs) => this.#nodeFacts(podIPs),
    });
  }

  get nodeName(): string {
    return this.#options.shape.name;
  }

  get runtime(): ContainerRuntime {
    return this.#options.runtime;
  }

  get files(): HostFiles {
    return this.#options.files;
  }

  /** Its clock's time, in milliseconds since the epoch. */
  now(): number {
    return this.#options.clock.now();
  }

  /** The pods it knows of. */
  get pods(): readonly Pod[] {
    return this.#workers.list();
  }

  podNamed(namespace: string, name: string): Pod | undefined {
    return this.#workers.list().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  }

  /** Something that the pod refers to has changed: its volumes are written anew. */
  refresh(podUid: string): void {
    this.#workers.wake(podUid);
  }

  /** The node's object has changed. */
  nodeSeen(node: Node): void {
    this.#agent.seen(node);
  }

  async start(): Promise<void> {
    await this.#agent.start();
    const { pods, runtime } = this.#options;
    const unheard = runtime.events?.(({ podUid, type }) => {
      if (type === "CONTAINER_STOPPED_EVENT" || type === "CONTAINER_STARTED_EVENT") this.#workers.wake(podUid);
    });
    const unsubscribed = pods.subscribe(this.nodeName, (previous, next) => {
      if (next) this.#workers.update(next);
      else if (previous) this.#workers.remove(previous);
    });
    this.#ends = [unsubscribed, () => unheard?.()];
  }

  stop(): Promise<void> {
    for (const end of this.#ends) end();
    this.#agent.stop();
    this.#workers.stop();
    this.#prober.stop();
    return Promise.resolve();
  }

  #nodeFacts(podIPs: readonly string[]): NodeFacts {
    const { shape } = this.#options;
    const allocatable = { ...shape.capacity, ...shape.allocatable };
    return {
      nodeName: shape.name,
      hostIPs: shape.addresses,
      podIPs,
      allocatable: Object.fromEntries(
        Object.entries(allocatable).map(([name, text]) => [
          name,
          name === "cpu" ? quantityOf(text).milliValue() : quantityOf(text).value(),
        ]),
      ),
    };
  }

  #sources(pod: Pod): EnvironmentSources {
    const { client, services } = this.#options;
    const namespace = pod.metadata.namespace!;
    const read = async <T extends KubeObject>(type: ResourceType<T>, name: string): Promise<T | undefined> => {
      try {
        return await client.get(type, { namespace, name });
      } catch (error) {
        if (hasReason(error, "NotFound")) return undefined;
        throw error;
      }
    };
    return {
      configMap: (name) => read(configMaps, name),
      secret: (name) => read(secrets, name),
      services: () => Promise.resolve(services()),
    };
  }
}

/** `spec.containers{web}`: which container an event is about. */
const fieldPathOf = (pod: Pod, { name }: Container): string => {
  if (pod.spec?.initContainers?.some((each) => each.name === name)) return `spec.initContainers{${name}}`;
  return pod.spec?.ephemeralContainers?.some((each) => each.name === name)
    ? `spec.ephemeralContainers{${name}}`
    : `spec.containers{${name}}`;
};
