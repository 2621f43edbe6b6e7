import { selectorOf, type LabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import { notFound } from "../../../apimachinery/errors/constructors.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import type { ResourceEntry } from "../../registry/entry.ts";
import type { Attributes } from "../plugin.ts";

/** admissionregistration.k8s.io RuleWithOperations, and with names NamedRuleWithOperations. */
export interface OperationRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

/** What webhooks and policies have in common about which requests they see. */
export interface Constraints {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly matchPolicy?: string;
  readonly rules: readonly OperationRule[];
  readonly excluded?: readonly OperationRule[];
}

const names = (items: readonly string[] | undefined, wanted: string): boolean =>
  items?.some((item) => item === "*" || item === wanted) ?? false;

const isNamespace = ({ group, resource }: ResourceEntry): boolean => group === "" && resource === "namespaces";

const inScope = (scope: string | undefined, { entry, namespace }: Attributes): boolean => {
  const clusterScoped = isNamespace(entry) || namespace === "";
  if (scope === "Namespaced") return !clusterScoped;
  return scope !== "Cluster" || clusterScoped;
};

const namesResource = (resources: readonly string[] | undefined, resource: string, subresource: string): boolean =>
  resources?.some((each) => {
    const [main = "", sub = ""] = each.split("/", 2);
    return (main === "*" || main === resource) && (sub === "*" || sub === subresource);
  }) ?? false;

/** Whether a rule is about a request, had that been made to this entry. */
const matchesRule = (rule: OperationRule, attributes: Attributes, { group, version, resource }: ResourceEntry): boolean =>
  inScope(rule.scope, attributes) &&
  names(rule.operations, attributes.operation) &&
  names(rule.apiGroups, group) &&
  names(rule.apiVersions, version) &&
  namesResource(rule.resources, resource, attributes.subresource) &&
  ((rule.resourceNames ?? []).length === 0 || rule.resourceNames!.includes(attributes.name));

/** The labels of the namespace that a request is about or in. Throws NotFound. */
const namespaceLabels = (
  { entry, subresource, operation, namespace, object }: Attributes,
  reader: Reader,
): AnyObject["metadata"]["labels"] => {
  if (isNamespace(entry) && subresource === "" && (operation === "CREATE" || operation === "UPDATE")) return object?.metadata.labels;
  const found = reader.get("", "namespaces", "", namespace);
  if (!found) throw notFound({ group: "", resource: "namespaces" }, namespace);
  return found.metadata.labels;
};

const isEmpty = (selector: LabelSelector | undefined): boolean =>
  !selector || (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0);

const matchesNamespace = (selector: LabelSelector | undefined, attributes: Attributes, reader: Reader): boolean => {
  if (isEmpty(selector) || (attributes.namespace === "" && attributes.entry.resource !== "namespaces")) return true;
  return selectorOf(selector).matches(namespaceLabels(attributes, reader));
};

const matchesObject = (selector: LabelSelector | undefined, { object, oldObject }: Attributes): boolean => {
  if (isEmpty(selector)) return true;
  const wanted = selectorOf(selector);
  return [object, oldObject].some((each) => each !== undefined && wanted.matches(each.metadata.labels));
};

/**
 * Whether a webhook or policy is to see a request: the entry whose version it wants to see it in, undefined where it does not want to. Rules
 * about the request's own version go before those about equivalent ones. Throws NotFound where the request's namespace is gone.
 */
export const matchedEntry = (
  { namespaceSelector, objectSelector, matchPolicy, rules, excluded = [] }: Constraints,
  attributes: Attributes,
  reader: Reader,
  equivalents: (entry: ResourceEntry) => readonly ResourceEntry[],
): ResourceEntry | undefined => {
  if (!matchesObject(objectSelector, attributes)) return undefined;
  const matching = (among: readonly OperationRule[]): ResourceEntry | undefined => {
    if (among.some((rule) => matchesRule(rule, attributes, attributes.entry))) return attributes.entry;
    if (matchPolicy === "Exact") return undefined;
    const others = equivalents(attributes.entry).filter((other) => other !== attributes.entry);
    for (const rule of among) {
      const other = others.find((each) => matchesRule(rule, attributes, each));
      if (other) return other;
    }
    return undefined;
  };
  const entry = matching(rules);
  if (!entry || matching(excluded)) return undefined;
  return matchesNamespace(namespaceSelector, attributes, reader) ? entry : undefined;
};

const exempt: ReadonlySet<string> = new Set([
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
]);

/** Webhooks and policies do not see requests that are about webhooks and policies: nobody can lock the door behind himself. */
export const isExempt = ({ entry }: Attributes): boolean => entry.group === "admissionregistration.k8s.io" && exempt.has(entry.resource);
