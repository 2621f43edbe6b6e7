import { compiled, type Declared } from "../../admission/expressions/expressions.ts";
import type { MatchCondition, MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from "../../../api/types.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import { validateLabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import {
  duplicate,
  goStrings,
  invalidValue,
  notSupported,
  required,
  tooMany,
  type FieldError,
} from "../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../apimachinery/validation/fields.ts";
import { isDNS1123Subdomain, isQualifiedName } from "../../../apimachinery/validation/names.ts";
import { anyMetadataErrors, anyMetadataUpdateErrors } from "../generic/metadata.ts";
import { setFirstGeneration } from "../generic/generation.ts";
import { defineStrategy } from "../strategy.ts";
import { addClientConfigErrors, addOperationRuleErrors } from "./rules.ts";

type Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;
type Webhook = NonNullable<MutatingWebhookConfiguration["webhooks"]>[number];

const reviewVersions = ["v1", "v1beta1"];
const mostConditions = 64;

/** Names of match conditions: qualified, and each once. What the expressions say is compiled by who admits. */
/** What is wrong with an expression in CEL. */
export const addExpressionErrors = (
  errors: FieldError[],
  path: string,
  expression: string,
  declared: Declared,
  ...kinds: readonly ("bool" | "string" | "null")[]
): void => {
  const { error } = compiled(expression.trim(), declared, ...kinds);
  if (error !== undefined) errors.push(invalidValue(path, expression, error));
};

export const addConditionErrors = (errors: FieldError[], conditions: readonly MatchCondition[], path: string, hasParams = false): void => {
  if (conditions.length > mostConditions) errors.push(tooMany(path, conditions.length, mostConditions));
  const names = new Set<string>();
  for (const [at, { name = "", expression = "" }] of conditions.entries()) {
    if (expression.trim() === "") errors.push(required(`${path}[${at}].expression`));
    else addExpressionErrors(errors, `${path}[${at}].expression`, expression, { hasParams, hasAuthorizer: true }, "bool");
    if (name === "") errors.push(required(`${path}[${at}].name`));
    else addInvalid(errors, `${path}[${at}].name`, name, isQualifiedName(name));
    if (name !== "" && names.has(name)) errors.push(duplicate(`${path}[${at}].name`, name));
    names.add(name);
  }
};

const validate = ({ webhooks }: Configuration): FieldError[] => {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [at, webhook] of ((webhooks ?? []) as readonly Webhook[]).entries()) {
    addWebhookErrors(errors, webhook, `webhooks[${at}]`);
    if (webhook.name && names.has(webhook.name)) errors.push(duplicate(`webhooks[${at}].name`, webhook.name));
    names.add(webhook.name);
  }
  return errors;
};

const addWebhookErrors = (errors: FieldError[], webhook: Webhook, path: string): void => {
  const {
    name = "",
    rules = [],
    failurePolicy,
    matchPolicy,
    sideEffects,
    timeoutSeconds,
    reinvocationPolicy,
    admissionReviewVersions,
  } = webhook;
  addNameErrors(errors, name, `${path}.name`);
  for (const [at, rule] of rules.entries()) addOperationRuleErrors(errors, rule, `${path}.rules[${at}]`);
  if (failurePolicy !== undefined && !["Fail", "Ignore"].includes(failurePolicy))
    errors.push(notSupported(`${path}.failurePolicy`, failurePolicy, ["Fail", "Ignore"]));
  if (matchPolicy !== undefined && !["Equivalent", "Exact"].includes(matchPolicy))
    errors.push(notSupported(`${path}.matchPolicy`, matchPolicy, ["Equivalent", "Exact"]));
  if (!sideEffects) errors.push(required(`${path}.sideEffects`, "must specify one of None, NoneOnDryRun"));
  else if (!["None", "NoneOnDryRun"].includes(sideEffects))
    errors.push(notSupported(`${path}.sideEffects`, sideEffects, ["None", "NoneOnDryRun"]));
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1))
    errors.push(invalidValue(`${path}.timeoutSeconds`, timeoutSeconds, "the timeout value must be between 1 and 30 seconds"));
  if (reinvocationPolicy !== undefined && !["IfNeeded", "Never"].includes(reinvocationPolicy))
    errors.push(notSupported(`${path}.reinvocationPolicy`, reinvocationPolicy, ["IfNeeded", "Never"]));
  if (webhook.namespaceSelector) errors.push(...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`));
  if (webhook.objectSelector) errors.push(...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`));
  addClientConfigErrors(errors, webhook.clientConfig, `${path}.clientConfig`);
  addConditionErrors(errors, webhook.matchConditions ?? [], `${path}.matchConditions`);
  addVersionErrors(errors, admissionReviewVersions ?? [], `${path}.admissionReviewVersions`);
};

/** A name of at least three parts: `image.policy.example.com`. */
const addNameErrors = (errors: FieldError[], name: string, path: string): void => {
  if (name === "") return void errors.push(required(path));
  const sentences = isDNS1123Subdomain(name);
  addInvalid(errors, path, name, sentences);
  if (sentences.length === 0 && name.split(".").length < 3)
    errors.push(invalidValue(path, name, "should be a domain with at least three segments separated by dots"));
};

const addVersionErrors = (errors: FieldError[], versions: readonly string[], path: string): void => {
  if (versions.length === 0) return void errors.push(required(path, `must specify one of ${reviewVersions.join(", ")}`));
  const seen = new Set<string>();
  for (const [at, version] of versions.entries()) {
    if (seen.has(version)) errors.push(invalidValue(`${path}[${at}]`, version, "duplicate version"));
    seen.add(version);
  }
  if (!versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalidValue(path, goStrings(versions), `must include at least one of ${reviewVersions.join(", ")}`));
};

const setDefaults = (draft: Draft<Configuration>): void => {
  for (const webhook of (draft.webhooks ?? []) as Draft<Webhook>[]) {
    webhook.failurePolicy ??= "Fail";
    webhook.matchPolicy ??= "Equivalent";
    webhook.namespaceSelector ??= {};
    webhook.objectSelector ??= {};
    webhook.timeoutSeconds ??= 10;
    if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= 443;
    for (const rule of webhook.rules ?? []) rule.scope ??= "*";
  }
};

const prepareForUpdate = (draft: Draft<Configuration>, previous: Configuration): void => {
  const generation = previous.metadata.generation ?? 0;
  draft.metadata.generation = isSemanticallyEqual(draft.webhooks, previous.webhooks) ? generation : generation + 1;
};

const common = {
  group: "admissionregistration.k8s.io",
  anyFinalizers: true,
  prepareForCreate: setFirstGeneration,
  prepareForUpdate,
  validate,
  validateUpdate: (next: Configuration, previous: Configuration) => [
    ...anyMetadataErrors(next, false),
    ...validate(next),
    ...anyMetadataUpdateErrors(next, previous),
  ],
  allowUnconditionalUpdate: false,
} as const;

export const validatingWebhookConfigurationStrategy = defineStrategy<ValidatingWebhookConfiguration>({
  ...common,
  resource: "validatingwebhookconfigurations",
  setDefaults,
});

export const mutatingWebhookConfigurationStrategy = defineStrategy<MutatingWebhookConfiguration>({
  ...common,
  resource: "mutatingwebhookconfigurations",
  setDefaults: (draft) => {
    setDefaults(draft);
    for (const webhook of draft.webhooks ?? []) webhook.reinvocationPolicy ??= "Never";
  },
});
