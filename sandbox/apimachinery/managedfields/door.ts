import type { AnyObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";

/**
 * How the owner of fields sees an object in other versions. Entries of `managedFields` name the version in which they were written;
 * a kind with one version needs none of this.
 */
export interface VersionedSchemas {
  /** The object in another version, or undefined where that version is no longer served: its entries are dropped. */
  convert(object: AnyObject, apiVersion: string): { readonly object: AnyObject; readonly schema: ObjectSchema } | undefined;
  /** Fields that are not tracked in that version, as dotted paths (`status`, `metadata.generation`). */
  resetFields?(apiVersion: string): readonly string[];
}

interface Write {
  /** Who writes: the request's fieldManager, or what the user agent begins with (`managerOf`). */
  readonly manager: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  /** The version in which the request was made, `apps/v1`; objects are in that version. */
  readonly version: string;
  readonly subresource?: string;
  /** The kind's schema in that version. */
  readonly schema: ObjectSchema;
  /** Dotted paths of fields that this endpoint does not let its clients set (the strategy's GetResetFields). */
  readonly resetFields?: readonly string[];
  readonly versions?: VersionedSchemas;
}

/** A create, update or patch whose result is known. */
export interface UpdateRequest extends Write {
  /** What the client asks for: decoded (or patched) and defaulted, before admission and before the strategy prepares it. Its managedFields are what it sent. */
  readonly next: AnyObject;
  /** What is stored, defaulted; absent on create. */
  readonly previous: AnyObject | undefined;
}

/** A server-side apply. */
export interface ApplyRequest extends Write {
  /** The configuration as the client sent it, unknown fields and all. */
  readonly applied: AnyObject;
  /** What is stored, defaulted; absent where the apply creates. */
  readonly previous: AnyObject | undefined;
  readonly force: boolean;
}
