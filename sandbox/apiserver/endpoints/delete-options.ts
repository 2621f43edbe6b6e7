import { conflict, invalid } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { OperationOptions } from "../../apimachinery/operation/operation.ts";
import { invalidValue, notSupported, type FieldError } from "../../apimachinery/validation/field-error.ts";
import type { Strategy } from "../registry/strategy.ts";

const orphanFinalizer = "orphan";
const foregroundFinalizer = "foregroundDeletion";
const policies = ["Foreground", "Background", "Orphan"];

/** ValidateDeleteOptions. Throws Invalid. */
export const validateDeleteOptions = ({ propagationPolicy, orphanDependents }: OperationOptions): void => {
  const errors: FieldError[] = [];
  if (propagationPolicy !== undefined && orphanDependents !== undefined)
    errors.push(invalidValue("propagationPolicy", propagationPolicy, "orphanDependents and deletionPropagation cannot be both set"));
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy))
    errors.push(notSupported("propagationPolicy", propagationPolicy, [...policies, "nil"]));
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", errors);
};

/** The object is the one that was meant. Throws Conflict, which upstream words by the kind here. */
export const checkPreconditions = (
  { group, kind }: { readonly group: string; readonly kind: string },
  object: AnyObject,
  options: OperationOptions,
): void => {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { name = "", uid: held = "", resourceVersion: heldVersion = "" } = object.metadata;
  if (uid !== undefined && uid !== held)
    throw conflict(
      { group, resource: kind },
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${held}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== heldVersion)
    throw conflict(
      { group, resource: kind },
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${heldVersion}). The object might have been modified`,
    );
};

/** The finalizers with those of the garbage collector put as the options, or else the object or its kind, say (deletionFinalizersForGarbageCollection). */
export const garbageFinalizers = (
  finalizers: readonly string[],
  options: OperationOptions,
  policy: Strategy["defaultPropagation"],
): readonly string[] => {
  if (policy === "Unsupported") return finalizers;
  const chosen = propagationOf(finalizers, options, policy);
  const others = finalizers.filter((finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer);
  if (chosen === "Orphan") others.push(orphanFinalizer);
  if (chosen === "Foreground") others.push(foregroundFinalizer);
  const isSame = others.length === finalizers.length && others.every((finalizer) => finalizers.includes(finalizer));
  return isSame ? finalizers : others;
};

const propagationOf = (finalizers: readonly string[], options: OperationOptions, policy: Strategy["defaultPropagation"]): string => {
  if (options.orphanDependents !== undefined) return options.orphanDependents ? "Orphan" : "Background";
  if (options.propagationPolicy !== undefined) return options.propagationPolicy;
  if (finalizers.includes(orphanFinalizer)) return "Orphan";
  if (finalizers.includes(foregroundFinalizer)) return "Foreground";
  return policy ?? "Background";
};
