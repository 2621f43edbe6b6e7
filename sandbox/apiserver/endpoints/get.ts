import { notFound } from "../../apimachinery/errors/constructors.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { oneInVersionOf } from "../registry/conversion.ts";
import { readOrRefuse, resourceOf } from "../registry/store.ts";
import { waitUntilFresh } from "./freshness.ts";
import { parseResourceVersion } from "./resource-version.ts";
import type { Request } from "./request.ts";

/** GET of one object: the newest, or with a resourceVersion one at least as new as that. */
export const get = async (request: Request, name: string): Promise<OperationResult> => {
  const asked = request.operation.options?.resourceVersion ?? "";
  if (asked === "") return { kind: "object", code: 200, stored: (await readOrRefuse(request, name)).as(request.entry) };
  await waitUntilFresh(request, parseResourceVersion(asked));
  const found = request.machinery.cache.of(request.stored).get(request.namespace, name);
  if (!found) throw notFound(resourceOf(request), name);
  return { kind: "object", code: 200, stored: (await oneInVersionOf(request.entry, found)).as(request.entry) };
};
