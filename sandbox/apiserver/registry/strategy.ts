import type { AnyObject, Draft, KubeObject } from "../../apimachinery/meta/types.ts";
import type { FieldError } from "../../apimachinery/validation/field-error.ts";
import type { UserInfo } from "../operation.ts";

/** What a strategy may know of the request besides the objects. Pure: no store, no clock but `now`. */
export interface StrategyContext {
  readonly user: UserInfo;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly subresource?: string;
  /** The group and version the request was made in: validation words and defaults may differ. */
  readonly group?: string;
  readonly version: string;
  /** A feature of Kubernetes, by its gate's name, as the served version has it. */
  readonly enabled: (feature: string) => boolean;
  /** Takes a warning that only preparing an object can see. */
  readonly warn?: (warning: string) => void;
}

/**
 * How the API server treats one kind: upstream's registry strategies. Every function is pure; a kind without one gets the
 * generic behaviour. The order on create is: default → prepareForCreate → metadata and validate → canonicalize;
 * on update: default → prepareForUpdate → metadata as of any object (upstream's validateCommonFields) and validateUpdate → canonicalize.
 */
export interface Strategy<T extends KubeObject = AnyObject> {
  /** Group, and the kinds' plural name; one strategy serves all versions of a kind. */
  readonly group: string;
  readonly resource: string;
  /** Fills in what upstream's `SetDefaults_*` functions do; called on a freshly decoded draft, changes it in place. */
  readonly setDefaults?: (draft: Draft<T>, context: StrategyContext) => void;
  /** Drops what a user may not set (status), sets generation; called on a draft of the request's object, changes it in place. */
  readonly prepareForCreate?: (draft: Draft<T>, context: StrategyContext) => void;
  readonly prepareForUpdate?: (draft: Draft<T>, previous: T, context: StrategyContext) => void;
  /** Everything wrong with the object by itself; metadata is checked by the registry (`validateName` below). */
  readonly validate?: (object: T, context: StrategyContext) => readonly FieldError[];
  /**
   * Everything that upstream's strategy.ValidateUpdate answers: the change, and what it looks at again of the new object
   * and its metadata. Repetitions are meant: clients see them as causes. `validate` is not called beside it; it stands in where this is absent.
   */
  readonly validateUpdate?: (next: T, previous: T, context: StrategyContext) => readonly FieldError[];
  /** How names of this kind are checked; DNS subdomain when absent. Answers upstream's sentences, none when it is fine. */
  readonly validateName?: (name: string, isPrefix: boolean) => readonly string[];
  /** A new object's finalizers may be any qualified names, as those of custom resources: so it is in a few groups that look at less. */
  readonly anyFinalizers?: boolean;
  /** Deprecations and surprises: `Warning` headers. */
  readonly warnings?: (next: T, previous: T | undefined, context: StrategyContext) => readonly string[];
  /** After everything else: canonical form. */
  readonly canonicalize?: (draft: Draft<T>) => void;
  /** PUT of a name that does not exist creates it. */
  readonly allowCreateOnUpdate?: boolean;
  /** PUT without a resourceVersion overwrites. */
  readonly allowUnconditionalUpdate?: boolean;
  /** Subresource `status` and others that write parts of the object. */
  readonly subresources?: Readonly<Record<string, SubresourceStrategy<T>>>;
  /** Why an object may not be deleted at all; undefined when it may. */
  readonly whyKept?: (object: T) => string | undefined;
  /** Grace period and such, before an object is deleted (pods); answers the grace period in seconds, 0 for at once. */
  readonly gracePeriod?: (object: T, asked: number | undefined) => number;
  /** Fields that field selectors may name besides metadata.name and metadata.namespace, read from the stored object. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** The propagation policy when the client named none (`batch/v1` Jobs orphan, upstream's DefaultGarbageCollectionPolicy). */
  readonly defaultPropagation?: "Orphan" | "Background" | "Unsupported";
  /** Fields that managedFields never track in a given version (resetFields), as dotted paths: `status`, `metadata.generation`. */
  readonly resetFields?: readonly string[];
}

export interface SubresourceStrategy<T extends KubeObject = AnyObject> {
  readonly prepareForUpdate: (draft: Draft<T>, previous: T, context: StrategyContext) => void;
  readonly validateUpdate?: (next: T, previous: T, context: StrategyContext) => readonly FieldError[];
  readonly warnings?: (next: T, previous: T, context: StrategyContext) => readonly string[];
  readonly resetFields?: readonly string[];
}

/** A strategy, with its type checked. */
export const defineStrategy = <T extends KubeObject>(strategy: Strategy<T>): Strategy<T> => strategy;
