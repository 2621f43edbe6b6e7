import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { PatchType } from "../../apimachinery/operation/operation.ts";
import type { ServedResource, ServedSubresource } from "../discovery/served-resource.ts";
import type { Encoding } from "./negotiation.ts";

export interface DecodedBody {
  readonly object: AnyObject;
  /** Unknown and duplicate fields, where the client asked to be warned. */
  readonly warnings?: readonly string[];
}

export interface BodyContext {
  readonly entry: ServedResource;
  readonly subresource?: ServedSubresource;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
}

/** Makes objects of bytes. Throws StatusErrors in upstream's words. */
export interface BodyDecoder {
  /** The body of a create or update. */
  object(body: Uint8Array, encoding: Encoding, context: BodyContext): DecodedBody;
  /** The body of a PATCH. */
  patch(body: Uint8Array, type: PatchType, context: BodyContext): { readonly body: unknown; readonly warnings?: readonly string[] };
  /** meta/v1 DeleteOptions. */
  deleteOptions(body: Uint8Array, encoding: Encoding): AnyObject;
}
