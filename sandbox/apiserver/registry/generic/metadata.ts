import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import type { FieldError } from "../../../apimachinery/validation/field-error.ts";
import { validateObjectMeta, validateObjectMetaUpdate, type NameRule } from "../../../apimachinery/validation/object-meta.ts";

const builtIn = { standardFinalizersOnly: true };

/** Metadata of a built-in kind's object by itself: what upstream's validation of nearly every kind begins with. */
export const metadataErrors = ({ metadata }: KubeObject, namespaced: boolean, validateName?: NameRule): FieldError[] =>
  validateObjectMeta(metadata, namespaced, validateName, builtIn);

/** The change of a built-in kind's metadata. */
export const metadataUpdateErrors = (next: KubeObject, previous: KubeObject): FieldError[] =>
  validateObjectMetaUpdate(next.metadata, previous.metadata, builtIn);

/** The same for the few groups that upstream validates with the rules of any object: finalizers need not be Kubernetes' own. */
export const anyMetadataErrors = ({ metadata }: KubeObject, namespaced: boolean, validateName?: NameRule): FieldError[] =>
  validateObjectMeta(metadata, namespaced, validateName);

export const anyMetadataUpdateErrors = (next: KubeObject, previous: KubeObject): FieldError[] =>
  validateObjectMetaUpdate(next.metadata, previous.metadata);
