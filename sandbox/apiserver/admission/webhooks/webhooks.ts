import { badRequest, forbidden, internalError } from "../../../apimachinery/errors/constructors.ts";
import { StatusError } from "../../../apimachinery/errors/status.ts";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { ResourceEntry } from "../../registry/entry.ts";
import type { Registry } from "../../registry/registry.ts";
import { compiledConditions, holds, type Conditions, type MatchCondition } from "../expressions/conditions.ts";
import { EvaluationError, mostForPolicy } from "../expressions/expressions.ts";
import { variablesFor } from "../expressions/variables.ts";
import { admissionRequest, shownObject } from "../matching/admission-request.ts";
import { matchedEntry, type Constraints, type OperationRule } from "../matching/match.ts";
import type { AdmissionContext, Attributes } from "../plugin.ts";
import type { Reinvocation } from "../reinvocation.ts";
import { patchedObject } from "./patched-object.ts";
import { BadReview, responseIn, type ReviewResponse } from "./review.ts";
import type { ClientConfig, WebhookClient } from "./webhook-client.ts";

/** What MutatingWebhook and ValidatingWebhook have in common. */
interface Webhook extends Omit<Constraints, "rules"> {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly OperationRule[];
  readonly failurePolicy?: string;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions: readonly string[];
  readonly matchConditions?: readonly MatchCondition[];
  readonly reinvocationPolicy?: string;
}

interface Configuration extends AnyObject {
  readonly webhooks?: readonly Webhook[];
}

/** A webhook could not be asked, or what it said could not be understood. */
class CallError extends Error {
  constructor(name: string, why: string) {
    super(`failed calling webhook ${JSON.stringify(name)}: ${why}`);
  }
}

const rejection = (name: string, result: ReviewResponse["status"]): StatusError => {
  const by = `admission webhook ${JSON.stringify(name)} denied the request`;
  const { message, reason, code = 0, details } = result ?? {};
  const words = message ? `${by}: ${message}` : reason ? `${by}: ${reason}` : `${by} without explanation`;
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: words,
    ...(reason && { reason }),
    ...(details && { details }),
    code: Math.max(code, 400),
  });
};

const knownConditions = new WeakMap<Webhook, Conditions>();

const conditionsOf = (webhook: Webhook): Conditions => {
  let found = knownConditions.get(webhook);
  if (!found) knownConditions.set(webhook, (found = compiledConditions(webhook.matchConditions, { hasAuthorizer: true })));
  return found;
};

/** The stored webhooks of one kind, and how they are asked. */
export class Webhooks {
  readonly #context: AdmissionContext;
  readonly #registry: () => Registry;
  readonly #client: WebhookClient;
  readonly #resource: string;

  constructor(context: AdmissionContext, registry: () => Registry, client: WebhookClient, resource: string) {
    this.#context = context;
    this.#registry = registry;
    this.#client = client;
    this.#resource = resource;
  }

  #all(): readonly (readonly [string, Webhook])[] {
    const stored = this.#context.reader.list("admissionregistration.k8s.io", this.#resource) as readonly Configuration[];
    if (stored.length === 0) return [];
    return [...stored]
      .sort((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1))
      .flatMap(({ metadata, webhooks = [] }) =>
        webhooks.map((webhook, at) => [`${metadata.name ?? ""}/${webhook.name}/${String(at)}`, webhook] as const),
      );
  }

  /** One after the other, each seeing what those before it made of the object. */
  async admit(attributes: Attributes, reinvocation: Reinvocation): Promise<void> {
    const all = this.#all();
    if (all.length === 0) return;
    if (reinvocation.again && !deepEqual(attributes.object, reinvocation.left)) reinvocation.changed();
    for (const [id, webhook] of all) {
      const entry = this.#matched(webhook, attributes);
      if (!entry || (reinvocation.again && !reinvocation.due.has(id))) continue;
      if (await this.#mutated(webhook, attributes, entry)) {
        reinvocation.changed();
        reinvocation.wanted = true;
      }
      if (webhook.reinvocationPolicy === "IfNeeded") reinvocation.invoked.add(id);
    }
    reinvocation.left = structuredClone(attributes.object);
  }

  /** All at once; the first refusal is the answer. */
  async validate(attributes: Attributes): Promise<void> {
    const asked = this.#all().flatMap(([, webhook]) => {
      const entry = this.#matched(webhook, attributes);
      return entry ? [{ webhook, entry }] : [];
    });
    if (asked.length === 0) return;
    const outcomes = await Promise.allSettled(asked.map(({ webhook, entry }) => this.#ask(webhook, attributes, entry, false)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  #matched(webhook: Webhook, attributes: Attributes): ResourceEntry | undefined {
    const { reader, authorizer } = this.#context;
    const registry = this.#registry();
    const entry = matchedEntry({ ...webhook, rules: webhook.rules ?? [] }, attributes, reader, ({ stored }) =>
      registry.versionsOf(stored.group, stored.resource),
    );
    if (!entry || !webhook.matchConditions?.length) return entry;
    try {
      return holds(conditionsOf(webhook), variablesFor(attributes, entry, reader, authorizer), { left: mostForPolicy }) ? entry : undefined;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      if (webhook.failurePolicy === "Ignore") return undefined;
      throw forbidden({ group: attributes.entry.group, resource: attributes.entry.resource }, attributes.name, error.message);
    }
  }

  /** Asks a webhook; undefined where it could not be asked and that is no matter. Throws its refusal. */
  async #ask(webhook: Webhook, attributes: Attributes, entry: ResourceEntry, isMutating: boolean): Promise<ReviewResponse | undefined> {
    const { name, sideEffects } = webhook;
    if (attributes.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun")
      throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
    let response: ReviewResponse;
    try {
      response = await this.#call(webhook, attributes, entry, isMutating);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (webhook.failurePolicy === "Ignore") return undefined;
      throw internalError(error.message);
    }
    for (const warning of response.warnings ?? []) attributes.warn(warning);
    if (!response.allowed) throw rejection(name, response.status);
    return response;
  }

  async #call(webhook: Webhook, attributes: Attributes, entry: ResourceEntry, isMutating: boolean): Promise<ReviewResponse> {
    const { name, clientConfig, timeoutSeconds = 10, admissionReviewVersions } = webhook;
    const version = admissionReviewVersions.find((each) => each === "v1" || each === "v1beta1");
    if (version === undefined)
      throw new CallError(name, "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)");
    const { clock, random } = this.#context;
    const uid = random.uuid();
    const review = {
      kind: "AdmissionReview",
      apiVersion: `admission.k8s.io/${version}`,
      request: {
        uid,
        ...admissionRequest(attributes, entry),
        object: shownObject(attributes, attributes.object, entry),
        oldObject: shownObject(attributes, attributes.oldObject, entry),
      },
    };
    let text: string;
    try {
      text = await clock.busy(this.#client.post(clientConfig, review, timeoutSeconds));
    } catch (error) {
      throw new CallError(name, `failed to call webhook: ${error instanceof Error ? error.message : String(error)}`);
    }
    try {
      return responseIn(text, version, uid, isMutating);
    } catch (error) {
      throw error instanceof BadReview ? new CallError(name, error.message) : error;
    }
  }

  /** Whether the webhook changed the object. */
  async #mutated(webhook: Webhook, attributes: Attributes, entry: ResourceEntry): Promise<boolean> {
    const response = await this.#ask(webhook, attributes, entry, true);
    if (!response?.patch) return false;
    const shown = shownObject(attributes, attributes.object, entry);
    if (!shown)
      throw internalError(
        `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`,
      );
    if (response.patchType !== "JSONPatch")
      throw internalError(new CallError(webhook.name, `unsupported patch type ${JSON.stringify(response.patchType ?? "")}`).message);
    const { clock, enabled } = this.#context;
    const { user, subresource } = attributes;
    const object = patchedObject(shown, response.patch, entry, {
      user,
      now: clock.now(),
      enabled,
      version: entry.version,
      group: entry.group,
      subresource,
    });
    if (!object || deepEqual(object, attributes.object)) return false;
    attributes.object = object;
    return true;
  }
}
