import type { Clock } from "../../../base/clock/clock.ts";
import type { Log } from "../../../base/log/log.ts";
import type { FetchText, HttpsCall } from "../../server/connect/https-text.ts";
import { allow, noOpinion, type Attributes, type Authorizer, type Decision } from "../authorizer.ts";

/** Where the webhook is, as its kubeconfig says. */
export type WebhookTarget = Omit<HttpsCall, "body" | "timeoutMs">;

export interface WebhookAuthorizerOptions {
  readonly target: WebhookTarget;
  /** Of authorization.k8s.io; v1 when absent. */
  readonly version?: string;
  readonly fetch: FetchText;
  readonly clock: Clock;
  readonly log: Log;
}

/** Upstream's --authorization-webhook-cache-authorized-ttl and -unauthorized-ttl. Milliseconds. */
const allowedForMs = 5 * 60_000;
const refusedForMs = 30_000;
const patienceMs = 30_000;
const mostRemembered = 8192;
/** Longer questions are not remembered (maxControlledAttrCacheSize). */
const longestRemembered = 10_000;

interface Remembered {
  readonly decision: Decision;
  readonly until: number;
}

/**
 * Asks a server outside by SubjectAccessReview: it allows, denies for everybody after it, or leaves it to the next. Who cannot be asked has no opinion. Where
 * nobody can wait (`authorize`), only what is remembered counts.
 */
export const webhookAuthorizer = ({ target, version = "v1", fetch, clock, log }: WebhookAuthorizerOptions): Authorizer => {
  const remembered = new Map<string, Remembered>();
  const known = (key: string): Decision | undefined => {
    const found = remembered.get(key);
    if (found && found.until > clock.now()) return found.decision;
    if (found) remembered.delete(key);
    return undefined;
  };
  const ask = async (spec: object, key: string): Promise<Decision> => {
    try {
      const review = { kind: "SubjectAccessReview", apiVersion: `authorization.k8s.io/${version}`, metadata: {}, spec };
      const answer = await clock.busy(fetch({ ...target, body: review, timeoutMs: patienceMs }));
      if (answer.code < 200 || answer.code > 299) throw new Error(`the webhook answered ${String(answer.code)}`);
      const decision = decisionOf(answer.text);
      if (key.length < longestRemembered) {
        if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? "");
        const forMs = decision.decision === "allow" ? allowedForMs : refusedForMs;
        remembered.set(key, { decision, until: clock.now() + forMs });
      }
      return decision;
    } catch (error) {
      log.warn("the authorization webhook could not be asked", { error: error instanceof Error ? error.message : String(error) });
      return noOpinion();
    }
  };
  return {
    authorize: (attributes) => known(JSON.stringify(specOf(attributes))) ?? noOpinion(),
    decide(attributes) {
      const spec = specOf(attributes);
      const key = JSON.stringify(spec);
      return known(key) ?? ask(spec, key);
    },
    rulesFor: () => ({
      resourceRules: [],
      nonResourceRules: [],
      incomplete: true,
      evaluationErrors: ["webhook authorizer does not support user rule resolution"],
    }),
  };
};

const decisionOf = (text: string): Decision => {
  const { status } = JSON.parse(text) as {
    readonly status?: { readonly allowed?: boolean; readonly denied?: boolean; readonly reason?: string };
  };
  if (!status) throw new Error("the webhook answered without a status");
  const { allowed, denied, reason = "" } = status;
  if (allowed && denied) throw new Error("webhook subject access review returned both allow and deny response");
  return denied ? { decision: "deny", reason } : allowed ? allow(reason) : noOpinion(reason);
};

const specOf = ({ user, verb, path, group, version, resource, subresource, namespace, name, fieldRequirements }: Attributes): object => {
  const operators = { "=": "In", "!=": "NotIn" } as const;
  const requirements = fieldRequirements?.map(({ field, operator, value }) => ({
    key: field,
    operator: operators[operator],
    values: [value],
  }));
  return {
    ...(resource === undefined
      ? { nonResourceAttributes: { path, verb } }
      : {
          resourceAttributes: {
            ...(namespace && { namespace }),
            verb,
            ...(group && { group }),
            ...(version && { version }),
            resource,
            ...(subresource && { subresource }),
            ...(name && { name }),
            ...(requirements?.length && { fieldSelector: { requirements } }),
          },
        }),
    user: user.name,
    ...(user.groups.length > 0 && { groups: user.groups }),
    ...(user.extra && { extra: user.extra }),
    ...(user.uid && { uid: user.uid }),
  };
};
