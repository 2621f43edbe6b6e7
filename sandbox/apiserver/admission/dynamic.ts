import type { BackendConnector } from "../server/connect/proxy.ts";
import type { Registry } from "../registry/registry.ts";
import type { MakePlugin } from "./built-in.ts";
import { isExempt } from "./matching/match.ts";
import { validatingPolicies } from "./policies/validating-policies.ts";
import { WebhookClient } from "./webhooks/webhook-client.ts";
import { Webhooks } from "./webhooks/webhooks.ts";

export interface DynamicAdmissionOptions {
  /** Known once the API server is there. */
  readonly registry: () => Registry;
  readonly backends: BackendConnector;
}

/** Admission as it is configured by stored objects: policies and webhooks, in upstream's order. */
export const dynamicAdmission = ({ registry, backends }: DynamicAdmissionOptions): readonly MakePlugin[] => [
  (context) => {
    const client = new WebhookClient({ ...context, backends });
    const webhooks = new Webhooks(context, registry, client, "mutatingwebhookconfigurations");
    return {
      name: "MutatingAdmissionWebhook",
      handles: (attributes) => !isExempt(attributes),
      admit: (attributes, reinvocation) => webhooks.admit(attributes, reinvocation),
    };
  },
  validatingPolicies(registry),
  (context) => {
    const client = new WebhookClient({ ...context, backends });
    const webhooks = new Webhooks(context, registry, client, "validatingwebhookconfigurations");
    return {
      name: "ValidatingAdmissionWebhook",
      handles: (attributes) => !isExempt(attributes),
      validate: (attributes) => webhooks.validate(attributes),
    };
  },
];
