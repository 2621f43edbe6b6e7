import { apply } from "../../apimachinery/managedfields/index.ts";
import { badRequest, conflict } from "../../apimachinery/errors/constructors.ts";
import type { StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject, Draft, ObjectMeta } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import {
  applyJsonPatch,
  applyMergePatch,
  invalidPatch,
  patchStrategically,
  strictMessage,
  surprisesInJsonPatch,
} from "../../apimachinery/patch/index.ts";
import { defaulted } from "../registry/defaulting.ts";
import { apiVersionOfEntry } from "../registry/entry.ts";
import { normalForm } from "../registry/normal-form.ts";
import { resourceOf } from "../registry/store.ts";
import { checkName, placeInNamespace } from "./body.ts";
import { tracked, writeOf } from "./field-ownership.ts";
import { viewOf, type Modification, type View } from "./modification.ts";
import type { Request } from "./request.ts";
import { shownAfterPatch } from "./shown-after-patch.ts";
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
    const body = given.body as AnyObject;
    const applied = (body.metadata as unknown) == null ? { ...body, metadata: {} } : body;
    const { uid } = (applied.metadata as ObjectMeta | undefined) ?? {};
    const force = request.operation.options?.force === true;
    const laidOver = (previous: AnyObject | undefined): Draft<AnyObject> =>
      placed(normal(request, view, apply({ ...writeOf(request, view), applied, previous, force }, view.kind)));
    const create = (): Draft<AnyObject> => {
      if (uid !== undefined && uid !== "")
        throw conflict(
          resourceOf(request),
          name,
          `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
        );
      const draft = laidOver(undefined);
      delete draft.metadata.resourceVersion;
      return draft;
    };
    return { make: laidOver, ...(request.subresource === "" && { create }) };
  }
  return { make: (live) => tracked(request, view, live, placed(patched(request, view, live))) };
};

const patched = (request: Request, view: View, live: AnyObject): Draft<AnyObject> => {
  const { type, body } = request.operation.patch!;
  switch (type) {
    case "json":
      return restored(request, view, live, applyJsonPatch(live, body));
    case "merge":
      return restored(request, view, live, applyMergePatch(live, body));
    default: {
      const fieldValidation = request.operation.options?.fieldValidation ?? "Warn";
      const { object, warnings } = patchStrategically({ object: live, body, schema: view.schema, fieldValidation });
      for (const warning of warnings) request.warn(warning);
      return normal(request, view, object);
    }
  }
};

/** The result of a patch on JSON as an object of the kind. Throws Invalid where it is none any more, or where it has surprises and validation is strict. */
const restored = (request: Request, view: View, live: AnyObject, result: unknown): Draft<AnyObject> => {
  const fieldValidation = request.operation.options?.fieldValidation ?? "Warn";
  const isCustom = view === request.entry && request.entry.custom !== undefined;
  const refused = (why: string) => invalidPatch(shownAfterPatch(result, live, view.schema), why);
  if (typeof result !== "object" || result === null || Array.isArray(result))
    throw refused(`json: cannot unmarshal ${Array.isArray(result) ? "array" : typeof result} into Go value of type ${goTypeOf(view)}`);
  const patched = result as AnyObject;
  if (!isCustom) refuseOtherKind(request, view, patched, refused);
  const { object, error, unknown } = normalForm(view.schema, patched, isCustom, fieldValidation !== "Ignore");
  if (error !== undefined) throw refused(error);
  const { type, body } = request.operation.patch!;
  const surprises = fieldValidation === "Ignore" ? [] : [...(type === "json" ? surprisesInJsonPatch(body) : []), ...unknown];
  if (surprises.length > 0 && fieldValidation === "Strict") throw refused(strictMessage(surprises));
  for (const surprise of surprises) request.warn(surprise);
  return withType(view, object);
};

const goTypeOf = ({ schema, kind }: View): string => schema.name?.split(".").slice(-2).join(".") ?? kind;

/** A patch may not turn an object into one of another kind or version; what is said of it is what decoding it as that kind says. */
const refuseOtherKind = ({ machinery }: Request, view: View, object: AnyObject, refused: (why: string) => StatusError): void => {
  const { kind = "", apiVersion = "" } = object;
  if (kind === view.kind && apiVersion === apiVersionOfEntry(view)) return;
  const schema = machinery.schemas.schemaOf(apiVersion, kind);
  if (!schema)
    throw refused(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  const { error } = normalForm(schema, object, false);
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  const group = view.group === "" ? "core" : view.group.split(".")[0]!;
  throw refused(error ?? `converting (${version}.${kind}) to (${group}.${view.kind}): unknown conversion`);
};

const normal = (request: Request, view: View, object: AnyObject): Draft<AnyObject> =>
  withType(view, normalForm(view.schema, object, view === request.entry && request.entry.custom !== undefined).object);

const withType = (view: View, draft: Draft<AnyObject>): Draft<AnyObject> => {
  draft.apiVersion = apiVersionOfEntry(view);
  draft.kind = view.kind;
  draft.metadata ??= {};
  return draft;
};
