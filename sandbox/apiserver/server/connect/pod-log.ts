import { badRequest, internalError, invalid } from "../../../apimachinery/errors/constructors.ts";
import { failure, type StatusError } from "../../../apimachinery/errors/status.ts";
import { forbiddenField, invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { text, type HttpRequest, type HttpResponse } from "../http.ts";
import { isTrue } from "../request-info.ts";
import { textOf } from "./backend.ts";
import type { NodeDoor } from "./node-door.ts";
import { containerOf, type PodLike } from "./pod-target.ts";

const flags = ["follow", "previous", "timestamps"];
const numbers = ["sinceSeconds", "tailLines", "limitBytes"];

/** `pods/log`: what a container wrote, from its kubelet. A pod without a node has written nothing. Throws 400, 422, and what the kubelet refuses. */
export const podLog = async (request: HttpRequest, pod: PodLike, doorOf: (nodeName: string) => NodeDoor): Promise<HttpResponse> => {
  const query = logQuery(request.query);
  const container = containerOf(pod, request.query.get("container") ?? "");
  const { nodeName } = pod.spec;
  if (!nodeName) return text(200, "", { "content-type": "text/plain" });
  const { namespace = "", name = "" } = pod.metadata;
  const answer = await doorOf(nodeName).request({
    method: "GET",
    path: `/containerLogs/${namespace}/${name}/${container}`,
    query,
    headers: {},
    signal: request.signal,
  });
  if (answer.code >= 200 && answer.code <= 206) return { ...answer, headers: { "content-type": "text/plain" } };
  throw refusal(answer.code, await textOf(answer.body), name);
};

/** PodLogOptions as the kubelet takes them. */
const logQuery = (asked: URLSearchParams): URLSearchParams => {
  const query = new URLSearchParams();
  for (const name of flags) if (asked.has(name) && isTrue(asked.get(name))) query.set(name, "true");
  const given = new Map<string, number>();
  for (const name of numbers) {
    const value = asked.get(name);
    if (value === null) continue;
    if (!/^[+-]?[0-9]+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    given.set(name, Number(value));
  }
  const sinceTime = asked.get("sinceTime");
  const errors = optionErrors(given, sinceTime !== null);
  if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, "", errors);
  for (const [name, value] of given) query.set(name, String(value));
  if (sinceTime !== null) query.set("sinceTime", sinceTime);
  return query;
};

/** Upstream's ValidatePodLogOptions. */
const optionErrors = (given: ReadonlyMap<string, number>, hasSinceTime: boolean): FieldError[] => {
  const errors: FieldError[] = [];
  const atLeast = (name: string, least: number, words: string): void => {
    const value = given.get(name);
    if (value !== undefined && value < least) errors.push(invalidValue(name, value, words));
  };
  atLeast("tailLines", 0, "must be greater than or equal to 0");
  atLeast("limitBytes", 1, "must be greater than 0");
  if (given.has("sinceSeconds") && hasSinceTime)
    errors.push(forbiddenField("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
  else atLeast("sinceSeconds", 1, "must be greater than 0");
  return errors;
};

/** A kubelet's refusal in the API server's words. */
const refusal = (code: number, words: string, name: string): StatusError => {
  if (code === 500) return internalError(words);
  if (code === 400) return badRequest(words);
  const reason = code === 404 ? "NotFound" : "";
  const message = code === 404 ? "the server could not find the requested resource" : words;
  return failure(code, reason, `${message} ( pods/log ${name})`, {
    name,
    kind: "pods/log",
    causes: [{ reason: "UnexpectedServerResponse", message: words }],
  });
};
