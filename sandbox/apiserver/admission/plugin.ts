import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationOptions, Perform, UserInfo } from "../../apimachinery/operation/operation.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { Reader } from "../cache/watch-cache.ts";
import type { ResourceEntry } from "../registry/entry.ts";
import type { Reinvocation } from "./reinvocation.ts";

/**
 * A request on its way through admission: upstream's admission.Attributes. Objects are in the stored version; `object` is a draft that
 * mutating plugins change in place or replace.
 */
export interface Attributes {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly entry: ResourceEntry;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  object: Draft<AnyObject> | undefined;
  readonly oldObject: AnyObject | undefined;
  readonly user: UserInfo;
  readonly options: OperationOptions;
  readonly dryRun: boolean;
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
}

/**
 * One admission plugin. `admit` may change the object, `validate` may only refuse; both refuse by throwing a StatusError, which for built-in plugins
 * is `refused(...)`. A plugin that can answer at once does so without a promise.
 */
export interface AdmissionPlugin {
  /** As in `--enable-admission-plugins`: `NamespaceLifecycle`. */
  readonly name: string;
  readonly handles: (attributes: Attributes) => boolean;
  readonly admit?: (attributes: Attributes, reinvocation: Reinvocation) => void | Promise<void>;
  readonly validate?: (attributes: Attributes) => void | Promise<void>;
}

/** What plugins are made from. */
export interface AdmissionContext {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
  readonly enabled: (feature: string) => boolean;
  /** Who may what; absent where everybody may everything. */
  readonly authorizer?: Authorizer;
  /** The API server's own door, for what a plugin writes: as the loopback user. */
  readonly perform: Perform;
  /** The minor version of Kubernetes that is served: 32. */
  readonly minorVersion: number;
}

/** Whether the request is about this resource itself, or one of the named subresources. */
export const isFor = ({ entry, subresource }: Attributes, group: string, resource: string, ...subresources: readonly string[]): boolean =>
  entry.stored.resource === resource && entry.stored.group === group && (subresource === "" || subresources.includes(subresource));
