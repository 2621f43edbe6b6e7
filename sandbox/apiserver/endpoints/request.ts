import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Operation } from "../../apimachinery/operation/operation.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import type { Cause } from "../../base/trace/cause.ts";
import type { Storage } from "../../storage/storage.ts";
import type { AdmissionChain } from "../admission/chain.ts";
import type { Attributes } from "../admission/plugin.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { WatchCache } from "../cache/watch-cache.ts";
import type { SchemaSource } from "../../apimachinery/schema/schema.ts";
import type { Allocation } from "../registry/core/services/allocation/allocation.ts";
import type { ResourceEntry, StoredKind } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { StrategyContext } from "../registry/strategy.ts";

/** What every endpoint works with. */
export interface Machinery {
  readonly storage: Storage;
  readonly cache: WatchCache;
  readonly registry: Registry;
  readonly admission: AdmissionChain;
  readonly clock: Clock;
  readonly random: Random;
  readonly allocation: Allocation;
  readonly enabled: (feature: string) => boolean;
  /** Schemas of built-in kinds: those that subresources speak, Scale and its like. */
  readonly schemas: SchemaSource;
  readonly issueToken: IssueToken | undefined;
  /** Asked again where one request turns out to be another: an update that creates. */
  readonly authorizer?: Authorizer;
}

/** Answers a TokenRequest for a ServiceAccount. */
export type IssueToken = (request: AnyObject, place: { readonly namespace: string; readonly name: string }) => Promise<AnyObject>;

/** An operation that has been authorized, with what was found out about it. */
export class Request {
  readonly machinery: Machinery;
  readonly operation: Operation;
  readonly entry: ResourceEntry;
  readonly subresource: string;
  /** Empty for cluster-scoped kinds, and for requests across namespaces. */
  readonly namespace: string;
  readonly cause: Cause;
  readonly context: StrategyContext;
  readonly warnings: string[] = [];
  readonly #atEnd: (() => void)[] = [];

  constructor(machinery: Machinery, operation: Operation, entry: ResourceEntry) {
    this.machinery = machinery;
    this.operation = operation;
    this.entry = entry;
    this.subresource = operation.subresource ?? "";
    this.namespace = (entry.namespaced ? operation.namespace : undefined) ?? "";
    this.cause = operation.cause ?? { by: managerOf(operation.userAgent), user: operation.user.name };
    this.context = {
      user: operation.user,
      now: machinery.clock.now(),
      ...(operation.subresource !== undefined && { subresource: operation.subresource }),
      group: entry.group,
      version: entry.version,
      warn: (text) => this.warn(text),
      enabled: machinery.enabled,
    };
  }

  get stored(): StoredKind {
    return this.entry.stored;
  }

  get dryRun(): boolean {
    return this.operation.options?.dryRun === true;
  }

  /** Who is written down in managedFields. */
  get manager(): string {
    const given = this.operation.options?.fieldManager;
    return given !== undefined && given !== "" ? given : managerOf(this.operation.userAgent);
  }

  warn(text: string): void {
    if (text !== "" && !this.warnings.includes(text)) this.warnings.push(text);
  }

  /** Runs something when the request has been answered, well or not. */
  atEnd(run: () => void): void {
    this.#atEnd.push(run);
  }

  end(): void {
    for (const run of this.#atEnd.splice(0)) run();
  }

  /** The same request turned to another resource: what an endpoint writes besides. It has been authorized as a whole. */
  turnedTo(entry: ResourceEntry, change: Partial<Operation> = {}): Request {
    const { subresource: _left, ...operation } = this.operation;
    const { group, version, resource } = entry;
    return new Request(this.machinery, { ...operation, group, version, resource, ...change, cause: this.cause }, entry);
  }

  /** The request as admission sees it. */
  attributes(
    operation: Attributes["operation"],
    name: string,
    object: Attributes["object"],
    oldObject: Attributes["oldObject"],
  ): Attributes {
    return {
      operation,
      entry: this.entry,
      subresource: this.subresource,
      namespace: this.stored.group === "" && this.stored.resource === "namespaces" ? name : this.namespace,
      name,
      object,
      oldObject,
      user: this.operation.user,
      options: this.operation.options ?? {},
      dryRun: this.dryRun,
      warn: (text) => this.warn(text),
    };
  }
}

/** The default field manager: a user agent up to its first slash, at most 128 characters (managerOrUserAgent). */
const managerOf = (userAgent: string): string => {
  const [first = ""] = userAgent.split("/", 1);
  return first.slice(0, 128);
};
