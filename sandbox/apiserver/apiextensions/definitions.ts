import { hasReason } from "../../apimachinery/errors/status.ts";
import { deepEqual } from "../../apimachinery/meta/equal.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Operation, Perform, WatchEvent, WatchStream } from "../../apimachinery/operation/operation.ts";
import type { ObjectSchema } from "../../apimachinery/schema/schema.ts";
import { toTime, type Clock } from "../../base/clock/clock.ts";
import type { Log } from "../../base/log/log.ts";
import type { Reader } from "../cache/watch-cache.ts";
import { loopbackAgent, loopbackUser } from "../loopback/loopback.ts";
import type { ResourceEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { CustomDecoder } from "../server/decoder.ts";
import type { TablePrinters } from "../server/table.ts";
import { approvalCondition } from "./definition/api-approval.ts";
import type { ConversionCalls } from "./conversion/webhook-conversion.ts";
import { cleanupFinalizer, hasCondition, withCondition, type Condition, type CustomResourceDefinition } from "./definition/definition.ts";
import { decideNames } from "./definition/naming.ts";
import { customPrinter } from "./objects/columns.ts";
import type { CheckRules } from "./objects/custom-strategy.ts";
import { customVersion } from "./objects/custom-version.ts";
import { decodeCustom } from "./objects/decode.ts";
import { entriesOf } from "./objects/entries.ts";
import type { JsonSchema } from "./schema/json-schema.ts";

export interface DefinitionsOptions {
  readonly perform: Perform;
  readonly registry: Registry;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly log: Log;
  /** ObjectMeta, as the release has it. */
  readonly metadata: ObjectSchema;
  readonly checkRules: CheckRules;
  readonly conversionCalls: ConversionCalls;
}

const group = "apiextensions.k8s.io";
const resource = "customresourcedefinitions";

/** How long to wait for objects of a terminating definition to go before looking again. */
const lookAgain = 500;

/**
 * Follows CustomResourceDefinitions and serves what they define: decides their names, establishes them, adds their resources to the registry, and
 * empties and forgets those that are deleted. Upstream's naming, establishing and finalizing controllers in one, since they share one object.
 */
export class Definitions {
  readonly #options: DefinitionsOptions;
  readonly #served = new Map<string, { readonly definition: CustomResourceDefinition; readonly entries: readonly ResourceEntry[] }>();
  readonly #waiting = new Set<string>();
  #stream: WatchStream | undefined;
  #work: Promise<void> | undefined;
  #stopped = false;

  constructor(options: DefinitionsOptions) {
    this.#options = options;
  }

  /** Resolves when what is stored already is served. */
  async start(): Promise<void> {
    const listed = await this.#options.perform(this.#operation("list"));
    if (listed.kind !== "list") return;
    for (const { object } of listed.items) this.#enqueue(object.metadata.name ?? "");
    await this.#work;
    this.#follow(listed.list.metadata.resourceVersion ?? "0");
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stream?.stop();
    await this.#work;
  }

  /** Reads what clients send for custom kinds. */
  readonly decoder: CustomDecoder = (body, mediaType, { entry, fieldValidation }) =>
    decodeCustom({
      body,
      mediaType,
      version: entry.version,
      kind: entry.kind,
      fieldValidation,
      metadata: this.#options.metadata,
      schemaOf: (apiVersion) => this.#schemaOf(entry, apiVersion),
    });

  /** Columns of `kubectl get` for custom kinds. */
  readonly printers: TablePrinters["of"] = ({ group, version, resource }) => {
    const found = this.#definitionOf({ group, resource })?.spec.versions.find(({ name }) => name === version);
    return found && customPrinter(found);
  };

  #definitionOf({ group, resource }: { readonly group: string; readonly resource: string }): CustomResourceDefinition | undefined {
    return this.#served.get(`${resource}.${group}`)?.definition;
  }

  #schemaOf(of: { readonly group: string; readonly resource: string }, apiVersion: string): JsonSchema | undefined {
    const definition = this.#definitionOf(of);
    const version = definition?.spec.versions.find(({ name }) => apiVersion === `${of.group}/${name}`);
    return definition && version && customVersion(definition, version).schema;
  }

  #operation(verb: Operation["verb"], rest: Partial<Operation> = {}): Operation {
    return { verb, group, version: "v1", resource, user: loopbackUser, userAgent: loopbackAgent, ...rest };
  }

  #follow(resourceVersion: string): void {
    void this.#options
      .perform(this.#operation("watch", { options: { resourceVersion } }))
      .then((result) => {
        if (result.kind !== "watch" || this.#stopped) return;
        this.#stream = result.stream;
        result.stream.start({
          event: (event) => {
            this.#saw(event);
          },
          end: () => {
            if (!this.#stopped) this.#options.clock.after(0, () => void this.start());
          },
        });
      })
      .catch((error: unknown) => {
        this.#options.log.error("custom resource definitions cannot be watched", { error: String(error) });
      });
  }

  #saw(event: WatchEvent): void {
    if (event.type === "ERROR" || event.type === "BOOKMARK") return;
    this.#enqueue(event.stored.object.metadata.name ?? "");
    // A name that is given back may be what another definition of the group waits for.
    if (event.type === "DELETED")
      for (const { metadata } of this.#all()) if (!this.#served.has(metadata.name ?? "")) this.#enqueue(metadata.name ?? "");
  }

  #enqueue(name: string): void {
    if (this.#stopped || name === "") return;
    this.#waiting.add(name);
    this.#work ??= this.#options.clock.busy(this.#drain()).finally(() => {
      this.#work = undefined;
    });
  }

  async #drain(): Promise<void> {
    for (const name of this.#waiting) {
      this.#waiting.delete(name);
      try {
        await this.#reconcile(name);
      } catch (error) {
        if (hasReason(error, "Conflict", "NotFound")) this.#waiting.add(name);
        else this.#options.log.error("a custom resource definition cannot be brought up to date", { name, error: String(error) });
        if (this.#stopped) return;
      }
    }
  }

  #all(): readonly CustomResourceDefinition[] {
    return this.#options.reader.list(group, resource) as unknown as readonly CustomResourceDefinition[];
  }

  async #reconcile(name: string): Promise<void> {
    const definition = this.#options.reader.get(group, resource, "", name) as unknown as CustomResourceDefinition | undefined;
    if (!definition) {
      this.#forget(name);
      return;
    }
    if (definition.metadata.deletionTimestamp !== undefined) {
      await this.#serve(definition);
      await this.#terminate(definition);
      return;
    }
    const established = await this.#establish(definition);
    await this.#serve(established);
  }

  /** Writes down which names the definition has and what became of it. */
  async #establish(definition: CustomResourceDefinition): Promise<CustomResourceDefinition> {
    const now = toTime(this.#options.clock.now());
    const { accepted, namesAccepted, established } = decideNames(definition, this.#all());
    let conditions = withCondition(definition.status?.conditions, namesAccepted, now);
    if (established.status === "True" ? !hasCondition(definition, "Established") : !hasCondition(definition, "Established"))
      conditions = withCondition(conditions, established, now);
    const approval = approvalCondition(definition);
    if (approval) conditions = withCondition(conditions, approval, now);
    return this.#withStatus(definition, { ...definition.status, conditions, acceptedNames: accepted });
  }

  async #withStatus(definition: CustomResourceDefinition, status: CustomResourceDefinition["status"]): Promise<CustomResourceDefinition> {
    if (deepEqual(status, definition.status)) return definition;
    const object = { ...definition, status } as unknown as AnyObject;
    const result = await this.#options.perform(
      this.#operation("update", { subresource: "status", name: definition.metadata.name ?? "", object }),
    );
    return result.kind === "object" ? (result.stored.object as unknown as CustomResourceDefinition) : definition;
  }

  async #serve(definition: CustomResourceDefinition): Promise<void> {
    const name = definition.metadata.name ?? "";
    const { registry, metadata, checkRules, conversionCalls } = this.#options;
    if (!hasCondition(definition, "Established")) {
      this.#forget(name);
      return;
    }
    const known = this.#served.get(name);
    if (known && known.definition.metadata.uid === definition.metadata.uid && deepEqual(factsOf(known.definition), factsOf(definition)))
      return;
    const entries = entriesOf(definition, { metadata, checkRules, conversionCalls });
    const isServed = (entry: ResourceEntry): boolean => entries.some(({ version }) => version === entry.version);
    for (const entry of entries) await registry.add(entry);
    for (const entry of known?.entries ?? []) if (!isServed(entry)) registry.remove(entry);
    this.#served.set(name, { definition, entries });
  }

  #forget(name: string): void {
    for (const entry of this.#served.get(name)?.entries ?? []) this.#options.registry.remove(entry);
    this.#served.delete(name);
  }

  /** Deletes every object of the definition, waits until they are gone, and lets it go. */
  async #terminate(definition: CustomResourceDefinition): Promise<void> {
    const { perform, clock } = this.#options;
    const name = definition.metadata.name ?? "";
    if (!(definition.metadata.finalizers ?? []).includes(cleanupFinalizer)) return;
    const isEstablished = hasCondition(definition, "Established");
    if (isEstablished && !(await this.#empty(name))) {
      const busy = await this.#withCondition(definition, {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionInProgress",
        message: "CustomResource deletion is in progress",
      });
      clock.after(lookAgain, () => {
        this.#enqueue(busy.metadata.name ?? name);
      });
      return;
    }
    const why = isEstablished
      ? { reason: "InstanceDeletionCompleted", message: "removed all instances" }
      : { reason: "NeverEstablished", message: "resource was never established" };
    const done = await this.#withCondition(definition, { type: "Terminating", status: "False", ...why });
    const finalizers = (done.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
    const object = { ...done, metadata: { ...done.metadata, finalizers } } as unknown as AnyObject;
    await perform(this.#operation("update", { name, object }));
  }

  #withCondition(
    definition: CustomResourceDefinition,
    condition: Omit<Condition, "lastTransitionTime">,
  ): Promise<CustomResourceDefinition> {
    const conditions = withCondition(definition.status?.conditions, condition, toTime(this.#options.clock.now()));
    return this.#withStatus(definition, { ...definition.status, conditions });
  }

  /** Deletes the definition's objects, namespace by namespace; true when none is left. */
  async #empty(name: string): Promise<boolean> {
    const entries = this.#served.get(name)?.entries ?? [];
    // The stored version is the one that needs no webhook to be read.
    const entry = entries.find(({ conversion, version, group }) => conversion?.storedVersion === `${group}/${version}`) ?? entries[0];
    if (!entry) return true;
    const { perform, reader } = this.#options;
    const left = (): readonly AnyObject[] => reader.list(entry.group, entry.resource);
    const namespaces = new Set(
      left()
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ metadata }) => metadata.namespace ?? ""),
    );
    for (const namespace of namespaces)
      await perform({
        verb: "deletecollection",
        group: entry.group,
        version: entry.version,
        resource: entry.resource,
        ...(namespace !== "" && { namespace }),
        user: loopbackUser,
        userAgent: loopbackAgent,
      });
    return left().length === 0;
  }
}

/** What of a definition decides how it is served. */
const factsOf = (definition: CustomResourceDefinition): unknown => ({
  spec: definition.spec,
  names: definition.status?.acceptedNames,
  terminating: hasCondition(definition, "Terminating"),
});
