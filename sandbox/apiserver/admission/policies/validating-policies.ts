import type { MatchResources, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from "../../../api/types.ts";
import { fromJson, type Budget } from "../../../apimachinery/cel/index.ts";
import { failure, type StatusError, type StatusReason } from "../../../apimachinery/errors/status.ts";
import type { ResourceEntry } from "../../registry/entry.ts";
import type { Registry } from "../../registry/registry.ts";
import type { MakePlugin } from "../built-in.ts";
import { holds } from "../expressions/conditions.ts";
import { EvaluationError, mostForPolicy, valueOf } from "../expressions/expressions.ts";
import { LazyVariables } from "../expressions/lazy-variables.ts";
import { variablesFor } from "../expressions/variables.ts";
import { isExempt, matchedEntry, type Constraints } from "../matching/match.ts";
import type { AdmissionContext, Attributes } from "../plugin.ts";
import { refused } from "../refusal.ts";
import { compiledPolicy, type CompiledPolicy, type CompiledValidation } from "./compiled-policy.ts";
import { ConfigurationError, paramsOf } from "./parameters.ts";

type Policy = ValidatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding;

const group = "admissionregistration.k8s.io";
const longestMessage = 5 * 1024;
const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

interface Denial {
  readonly message: string;
  readonly reason: string;
}

const constraintsOf = (match: MatchResources | undefined, always: boolean): Constraints => ({
  namespaceSelector: match?.namespaceSelector,
  objectSelector: match?.objectSelector,
  matchPolicy: match?.matchPolicy,
  rules: match?.resourceRules?.length || !always ? (match?.resourceRules ?? []) : [everything],
  excluded: match?.excludeResourceRules,
});

const everything = { operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*", "*/*"] };

const computedMessage = (
  { message }: CompiledValidation,
  variables: Readonly<Record<string, unknown>>,
  budget: Budget,
): string | undefined => {
  if (!message) return undefined;
  try {
    const value = valueOf(message.text, message.expression, variables, budget);
    const text = typeof value === "string" ? value.trim() : "";
    return text === "" || text.length > longestMessage || text.includes("\n") ? undefined : text;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
};

/** What a policy has against a request; failures to judge count when the policy says so. */
const denials = (policy: Policy, { conditions, variables, validations }: CompiledPolicy, values: Record<string, unknown>): Denial[] => {
  const budget = { left: mostForPolicy };
  const failed = (error: unknown): Denial[] => {
    if (!(error instanceof EvaluationError)) throw error;
    return policy.spec?.failurePolicy === "Ignore" ? [] : [{ message: error.message, reason: "Invalid" }];
  };
  try {
    if (!holds(conditions, values, budget)) return [];
  } catch (error) {
    return failed(error);
  }
  const all = { ...values, variables: new LazyVariables(variables, values, budget) };
  return validations.flatMap((validation) => {
    const { text, expression, fixedMessage, reason } = validation;
    try {
      if (valueOf(text, expression, all, budget) === true) return [];
    } catch (error) {
      return failed(error);
    }
    const message = computedMessage(validation, all, budget) ?? (fixedMessage || `failed expression: ${text.trim()}`);
    return [{ message, reason }];
  });
};

const denied = (attributes: Attributes, policy: Policy, binding: Binding | undefined, { message, reason }: Denial): StatusError => {
  const by = `ValidatingAdmissionPolicy '${policy.metadata.name ?? ""}'${binding ? ` with binding '${binding.metadata.name ?? ""}'` : ""}`;
  const words = `${by} denied request: ${message}`;
  const { status } = refused(attributes, words);
  return failure(codes[reason] ?? 422, reason as StatusReason, status.message ?? words, {
    ...status.details,
    causes: [{ message: words }],
  });
};

class ValidatingPolicies {
  readonly #context: AdmissionContext;
  readonly #registry: () => Registry;

  constructor(context: AdmissionContext, registry: () => Registry) {
    this.#context = context;
    this.#registry = registry;
  }

  validate(attributes: Attributes): void {
    const { reader } = this.#context;
    const bindings = reader.list(group, "validatingadmissionpolicybindings") as readonly unknown[] as readonly Binding[];
    if (bindings.length === 0) return;
    let first: StatusError | undefined;
    for (const policy of reader.list(group, "validatingadmissionpolicies") as readonly unknown[] as readonly Policy[]) {
      const own = bindings.filter(({ spec }) => spec?.policyName === policy.metadata.name);
      const entry = own.length === 0 ? undefined : this.#matched(policy.spec?.matchConstraints, false, attributes);
      if (!entry) continue;
      for (const binding of own) {
        const denial = this.#judge(policy, binding, entry, attributes);
        first ??= denial;
      }
    }
    if (first) throw first;
  }

  #matched(match: MatchResources | undefined, always: boolean, attributes: Attributes): ResourceEntry | undefined {
    const registry = this.#registry();
    return matchedEntry(constraintsOf(match, always), attributes, this.#context.reader, ({ stored }) =>
      registry.versionsOf(stored.group, stored.resource),
    );
  }

  /** Warns of what is to be warned of; answers the first denial that is to be one. */
  #judge(policy: Policy, binding: Binding, entry: ResourceEntry, attributes: Attributes): StatusError | undefined {
    if (binding.spec?.matchResources && !this.#matched(binding.spec.matchResources, true, attributes)) return undefined;
    const { reader, authorizer } = this.#context;
    const compiled = compiledPolicy(policy);
    const values = variablesFor(attributes, entry, reader, authorizer);
    let found: Denial[];
    try {
      found = paramsOf(policy, binding, attributes.namespace, reader, this.#registry()).flatMap((params) =>
        denials(policy, compiled, { ...values, params: fromJson(params, { kind: "dyn" }) }),
      );
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (policy.spec?.failurePolicy === "Ignore") return undefined;
      return denied(attributes, policy, binding, { message: `failed to configure binding: ${error.message}`, reason: "Invalid" });
    }
    const actions = binding.spec?.validationActions ?? [];
    if (actions.includes("Warn")) {
      const by = `ValidatingAdmissionPolicy '${policy.metadata.name ?? ""}' with binding '${binding.metadata.name ?? ""}'`;
      for (const { message } of found) attributes.warn(`Validation failed for ${by}: ${message}`);
    }
    const [first] = found;
    return first && actions.includes("Deny") ? denied(attributes, policy, binding, first) : undefined;
  }
}

/** ValidatingAdmissionPolicy: refuses or warns of what the expressions of stored policies do not like. */
export const validatingPolicies =
  (registry: () => Registry): MakePlugin =>
  (context) => {
    const policies = new ValidatingPolicies(context, registry);
    return {
      name: "ValidatingAdmissionPolicy",
      handles: (attributes) => !isExempt(attributes),
      validate: (attributes) => policies.validate(attributes),
    };
  };
