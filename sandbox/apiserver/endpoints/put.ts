import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { defaulted } from "../registry/defaulting.ts";
import { bodyOf, checkName, placeInNamespace } from "./body.ts";
import { tracked } from "./field-ownership.ts";
import { viewOf, type Modification, type View } from "./modification.ts";
import type { Request } from "./request.ts";
import { modify } from "./update.ts";

/** PUT of an object, or of a subresource of its own kind. */
export const put = (request: Request, name: string): Promise<OperationResult> =>
  modify(request, name, replacement(request, name, viewOf(request)));

/** The object that was sent, in place of what is there. */
export const replacement = (request: Request, name: string, view: View): Modification => {
  const { strategy } = request.stored;
  const body = (): Draft<AnyObject> => {
    const draft = bodyOf(request, view);
    checkName(request, draft, name);
    placeInNamespace(request, draft);
    return view === request.entry ? defaulted(request.entry, draft, request.context) : draft;
  };
  let first: Draft<AnyObject> | undefined = body();
  const { uid } = first.metadata;
  return {
    ...(uid !== undefined && { uid }),
    make: (live) => {
      const draft = first ?? body();
      first = undefined;
      return tracked(request, view, live, draft);
    },
    ...(strategy.allowCreateOnUpdate && request.subresource === "" && { create: () => tracked(request, view, undefined, body()) }),
  };
};
