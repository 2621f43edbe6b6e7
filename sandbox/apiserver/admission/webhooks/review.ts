import { parse } from "yaml";
import type { Status } from "../../../apimachinery/errors/status.ts";

/** admission.k8s.io AdmissionResponse. */
export interface ReviewResponse {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: Partial<Status>;
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
}

/** What a webhook answered is no review. */
export class BadReview extends Error {}

const goTypes: Readonly<Record<string, string>> = { string: "string", number: "number", boolean: "bool" };

const typeMeta = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** Go's client takes YAML too. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return parse(text);
    } catch (error) {
      throw new BadReview(
        `failed to call webhook: couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ""}`,
      );
    }
  }
};

/** A review of the version that was sent. Throws BadReview. */
const reviewIn = (text: string, version: string): { readonly response?: ReviewResponse } => {
  const review = parsed(text);
  if (typeof review !== "object" || review === null || Array.isArray(review)) {
    const kind = Array.isArray(review) ? "array" : (goTypes[typeof review] ?? "null");
    throw new BadReview(
      `failed to call webhook: couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into Go value of type ${typeMeta}`,
    );
  }
  const { apiVersion = "", kind = "" } = review as { readonly apiVersion?: string; readonly kind?: string };
  if (kind === "") throw new BadReview(`failed to call webhook: Object 'Kind' is missing in '${text}'`);
  if (apiVersion === "") throw new BadReview(`failed to call webhook: Object 'apiVersion' is missing in '${text}'`);
  const given = apiVersion.slice(apiVersion.indexOf("/") + 1);
  if (apiVersion !== `admission.k8s.io/${version}` || kind !== "AdmissionReview") {
    if (apiVersion.startsWith("admission.k8s.io/") && ["v1", "v1beta1"].includes(given))
      throw new BadReview(`failed to call webhook: converting (${given}.${kind}) to (${version}.AdmissionReview): unknown conversion`);
    throw new BadReview(
      `failed to call webhook: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:100"`,
    );
  }
  return review;
};

const checkPatch = ({ patch, patchType }: ReviewResponse, isMutating: boolean): void => {
  const bad = (why: string): never => {
    throw new BadReview(`received invalid webhook response: ${why}`);
  };
  if (!isMutating) {
    if (patch) bad("validating webhook may not return response.patch");
    if (patchType !== undefined) bad("validating webhook may not return response.patchType");
    return;
  }
  if (patch && patchType === undefined) bad("webhook returned response.patch but not response.patchType");
  if (!patch && patchType !== undefined) bad("webhook returned response.patchType but not response.patch");
  if (patchType === "") bad('webhook returned invalid response.patchType of ""');
};

/** The response within what a webhook answered (VerifyAdmissionResponse). Throws BadReview. */
export const responseIn = (text: string, version: string, uid: string, isMutating: boolean): ReviewResponse => {
  const { response } = reviewIn(text, version);
  if (!response) throw new BadReview("received invalid webhook response: webhook response was absent");
  if (version === "v1beta1") return { ...response, ...(response.patch && { patchType: "JSONPatch" }) };
  if (response.uid !== uid)
    throw new BadReview(
      `received invalid webhook response: expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`,
    );
  checkPatch(response, isMutating);
  return response;
};
