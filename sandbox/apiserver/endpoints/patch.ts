import { apply } from "../../apimachinery/managedfields/index.ts";
import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { applyJsonPatch, applyMergePatch, invalidPatch, patchStrategically, strictMessage } from "../../apimachinery/patch/index.ts";
import { defaulted } from "../registry/defaulting.ts";
import { apiVersionOfEntry } from "../registry/entry.ts";
import { normalForm } from "../registry/normal-form.ts";
import { checkName, placeInNamespace } from "./body.ts";
import { tracked, writeOf } from "./field-ownership.ts";
import { viewOf, type Modification, type View } from "./modification.ts";
import type { Request } from "./request.ts";
import { modify } from "./update.ts";

/** PATCH of an object, or of a subresource of its own kind. */
export const patch = (request: Request, name: string): Promise<OperationResult> =>
  modify(request, name, patchModification(request, name, viewOf(request)));

/** What the patch makes of an object; the same patch is laid on a newer object when somebody else was faster. */
export const patchModification = (request: Request, name: string, view: View): Modification => {
  const given = request.operation.patch;
  if (!given) throw badRequest("a patch is required");
  const placed = (draft: Draft<AnyObject>): Draft<AnyObject> => {
    checkName(request, draft, name);
    placeInNamespace(request, draft);
    return view === request.entry ? defaulted(request.entry, draft, request.context) : draft;
  };
  if (given.type === "apply") {
    const applied = given.body as AnyObject;
    const force = request.operation.options?.force === true;
    const laidOver = (previous: AnyObject | undefined): Draft<AnyObject> =>
      placed(normal(request, view, apply({ ...writeOf(request, view), applied, previous, force }, view.kind)));
    return { make: laidOver, ...(request.subresource === "" && { create: () => laidOver(undefined) }) };
  }
  return { make: (live) => tracked(request, view, live, placed(patched(request, view, live))) };
};

const patched = (request: Request, view: View, live: AnyObject): Draft<AnyObject> => {
  const { type, body } = request.operation.patch!;
  switch (type) {
    case "json":
      return restored(request, view, applyJsonPatch(live, body));
    case "merge":
      return restored(request, view, applyMergePatch(live, body));
    default: {
      const fieldValidation = request.operation.options?.fieldValidation ?? "Warn";
      const { object, warnings } = patchStrategically({ object: live, body, schema: view.schema, fieldValidation });
      for (const warning of warnings) request.warn(warning);
      return normal(request, view, object);
    }
  }
};

/** The result of a patch on JSON as an object of the kind. Throws Invalid where it is none any more, or where it has surprises and validation is strict. */
const restored = (request: Request, view: View, result: unknown): Draft<AnyObject> => {
  const fieldValidation = request.operation.options?.fieldValidation ?? "Warn";
  const isCustom = view === request.entry && request.entry.custom !== undefined;
  if (typeof result !== "object" || result === null || Array.isArray(result))
    throw invalidPatch(
      JSON.stringify(result),
      `json: cannot unmarshal ${Array.isArray(result) ? "array" : typeof result} into Go value of type ${view.schema.name?.split(".").slice(-2).join(".") ?? view.kind}`,
    );
  const { object, error, unknown } = normalForm(view.schema, result as AnyObject, isCustom, fieldValidation !== "Ignore");
  if (error !== undefined) throw invalidPatch(JSON.stringify(result), error);
  if (unknown.length > 0 && fieldValidation === "Strict") throw invalidPatch(JSON.stringify(result), strictMessage(unknown));
  for (const surprise of unknown) request.warn(surprise);
  return withType(view, object);
};

const normal = (request: Request, view: View, object: AnyObject): Draft<AnyObject> =>
  withType(view, normalForm(view.schema, object, view === request.entry && request.entry.custom !== undefined).object);

const withType = (view: View, draft: Draft<AnyObject>): Draft<AnyObject> => {
  draft.apiVersion = apiVersionOfEntry(view);
  draft.kind = view.kind;
  draft.metadata ??= {};
  return draft;
};
