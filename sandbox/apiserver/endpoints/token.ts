import { failure } from "../../apimachinery/errors/status.ts";
import { invalid } from "../../apimachinery/errors/constructors.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { invalidValue } from "../../apimachinery/validation/field-error.ts";
import { actionOf, viewOfSubresource } from "./action.ts";
import { placeInNamespace } from "./body.ts";
import { tracked } from "./field-ownership.ts";
import type { Request } from "./request.ts";

/** POST to serviceaccounts/token: a token for a pod, or for whoever `kubectl create token` is run by. */
export const createToken = async (request: Request, name: string): Promise<OperationResult> => {
  const { admission, issueToken } = request.machinery;
  if (!issueToken) throw failure(500, "InternalError", "this server issues no tokens");
  const asked = actionOf(request);
  const { metadata } = asked;
  if ((metadata.name ?? "") !== "" && metadata.name !== name)
    throw invalid({ group: "authentication.k8s.io", kind: "TokenRequest" }, name, [
      invalidValue("metadata.name", metadata.name, "must match the service account name if specified"),
    ]);
  placeInNamespace(request, asked);
  const spec = (asked.spec ?? {}) as { readonly expirationSeconds?: number | null };
  asked.spec = { ...spec, expirationSeconds: spec.expirationSeconds ?? 3600 };
  const attributes = request.attributes("CREATE", name, tracked(request, viewOfSubresource(request), undefined, asked), undefined);
  await admission.admit(attributes);
  await admission.validate(attributes);
  return { kind: "value", code: 201, value: await issueToken(attributes.object!, { namespace: request.namespace, name }) };
};
