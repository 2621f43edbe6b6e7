import type { FlowSchema, PolicyRulesWithSubjects, ResourcePolicyRule } from "../../../api/types.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import { goStrings, invalidValue, notSupported, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, nameIsDNSSubdomain } from "../../../apimachinery/validation/names.ts";
import { setFirstGeneration, setNextGeneration } from "../generic/generation.ts";
import { metadataErrors } from "../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../generic/status.ts";
import { defineStrategy } from "../strategy.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch", "*"];
const most = 10_000;

const validate = ({ metadata, spec = {} as FlowSchema["spec"] }: FlowSchema): FieldError[] => {
  const errors: FieldError[] = [];
  const { matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration, rules = [] } = spec ?? {};
  if (matchingPrecedence <= 0) errors.push(invalidValue("spec.matchingPrecedence", matchingPrecedence, "must be a positive value"));
  if (matchingPrecedence > most)
    errors.push(invalidValue("spec.matchingPrecedence", matchingPrecedence, `must not be greater than ${most}`));
  if (matchingPrecedence === 1 && metadata.name !== "exempt")
    errors.push(
      invalidValue("spec.matchingPrecedence", matchingPrecedence, "only the schema named 'exempt' may have matchingPrecedence 1"),
    );
  if (distinguisherMethod && !["ByUser", "ByNamespace"].includes(distinguisherMethod.type))
    errors.push(notSupported("spec.distinguisherMethod.type", distinguisherMethod, ["ByNamespace", "ByUser"]));
  const level = priorityLevelConfiguration?.name ?? "";
  if (level === "") errors.push(required("spec.priorityLevelConfiguration.name", "must reference a priority level"));
  else addInvalid(errors, "spec.priorityLevelConfiguration.name", level, nameIsDNSSubdomain(level, false));
  for (const [at, rule] of (rules ?? []).entries()) addRuleErrors(errors, rule, `spec.rules[${at}]`);
  return errors;
};

const addRuleErrors = (
  errors: FieldError[],
  { subjects, resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  path: string,
): void => {
  if ((subjects ?? []).length === 0) errors.push(required(`${path}.subjects`, "subjects must contain at least one value"));
  for (const [at, { kind, user, group, serviceAccount }] of (subjects ?? []).entries()) {
    const own = `${path}.subjects[${at}]`;
    if (kind === "User") {
      if (!user) errors.push(required(`${own}.user`, "user is required when subject kind is 'User'"));
      else if (!user.name) errors.push(required(`${own}.user.name`));
    } else if (kind === "Group") {
      if (!group) errors.push(required(`${own}.group`, "group is required when subject kind is 'Group'"));
      else if (!group.name) errors.push(required(`${own}.group.name`));
    } else if (kind === "ServiceAccount") {
      if (!serviceAccount)
        errors.push(required(`${own}.serviceAccount`, "serviceAccount is required when subject kind is 'ServiceAccount'"));
      else {
        if (!serviceAccount.name) errors.push(required(`${own}.serviceAccount.name`));
        else if (serviceAccount.name !== "*")
          addInvalid(errors, `${own}.serviceAccount.name`, serviceAccount.name, nameIsDNSSubdomain(serviceAccount.name, false));
        if (!serviceAccount.namespace)
          errors.push(required(`${own}.serviceAccount.namespace`, "must specify namespace for service account"));
        else addInvalid(errors, `${own}.serviceAccount.namespace`, serviceAccount.namespace, isDNS1123Label(serviceAccount.namespace));
      }
    } else errors.push(notSupported(`${own}.kind`, kind, ["Group", "ServiceAccount", "User"]));
  }
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.push(required(path, "at least one of resourceRules and nonResourceRules has to be non-empty"));
  for (const [at, rule] of resourceRules.entries()) addResourceRuleErrors(errors, rule, `${path}.resourceRules[${at}]`);
  for (const [at, rule] of nonResourceRules.entries()) {
    const own = `${path}.nonResourceRules[${at}]`;
    addVerbErrors(errors, rule.verbs, `${own}.verbs`);
    const urls = rule.nonResourceURLs ?? [];
    if (urls.length === 0) errors.push(required(`${own}.nonResourceURLs`, "nonResourceURLs must contain at least one value"));
    else if (urls.includes("*") && urls.length > 1)
      errors.push(invalidValue(`${own}.nonResourceURLs`, goStrings(urls), "if '*' is present, must not specify other non-resource URLs"));
    else if (!urls.includes("*")) for (const [index, url] of urls.entries()) addUrlErrors(errors, url, `${own}.nonResourceURLs[${index}]`);
  }
};

const addVerbErrors = (errors: FieldError[], given: readonly string[] | undefined, path: string): void => {
  const list = given ?? [];
  if (list.length === 0) errors.push(required(path, "verbs must contain at least one value"));
  else if (list.includes("*")) {
    if (list.length > 1) errors.push(invalidValue(path, goStrings(list), "if '*' is present, must not specify other verbs"));
  } else if (list.some((verb) => !verbs.includes(verb))) errors.push(notSupported(path, list, [...verbs].sort()));
};

const addResourceRuleErrors = (
  errors: FieldError[],
  { verbs: asked, apiGroups, resources, clusterScope, namespaces }: ResourcePolicyRule,
  path: string,
): void => {
  addVerbErrors(errors, asked, `${path}.verbs`);
  if ((apiGroups ?? []).length === 0) errors.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  else if (apiGroups.length > 1 && apiGroups.includes("*"))
    errors.push(invalidValue(`${path}.apiGroups`, goStrings(apiGroups), "if '*' is present, must not specify other api groups"));
  if ((resources ?? []).length === 0) errors.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  else if (resources.length > 1 && resources.includes("*"))
    errors.push(invalidValue(`${path}.resources`, goStrings(resources), "if '*' is present, must not specify other resources"));
  if ((namespaces ?? []).length === 0 && !clusterScope)
    errors.push(required(`${path}.namespaces`, "resource rules that are not cluster scoped must supply at least one namespace"));
  else if (namespaces?.includes("*")) {
    if (namespaces.length > 1)
      errors.push(invalidValue(`${path}.namespaces`, goStrings(namespaces), "if '*' is present, must not specify other namespaces"));
  } else for (const [at, name] of (namespaces ?? []).entries()) addInvalid(errors, `${path}.namespaces[${at}]`, name, isDNS1123Label(name));
};

const addUrlErrors = (errors: FieldError[], url: string, path: string): void => {
  if (url === "") return void errors.push(invalidValue(path, url, "must not be empty"));
  if (url === "/") return;
  if (!url.startsWith("/")) return void errors.push(invalidValue(path, url, "must start with slash"));
  if (url.includes(" ")) return void errors.push(invalidValue(path, url, "must not contain white-space"));
  if (url.includes("//")) return void errors.push(invalidValue(path, url, "must not contain double slash"));
  if (url.includes("*") && !(url.endsWith("/*") && url.indexOf("*") === url.length - 1))
    errors.push(invalidValue(path, url, "wildcard can only do suffix matching"));
};

/** The mandatory schemas stay as every cluster has them: what is stored is the fixed value. */
const fixedErrors = ({ metadata, spec }: FlowSchema, previous: FlowSchema): FieldError[] =>
  mandatoryNames.has(metadata.name ?? "") && !isSemanticallyEqual(spec, previous.spec)
    ? [invalidValue("spec", spec, `spec of '${metadata.name ?? ""}' must equal the fixed value`)]
    : [];

/** What API Priority and Fairness cannot do without. */
const mandatoryNames: ReadonlySet<string> = new Set(["exempt", "catch-all"]);

export const flowSchemaStrategy = defineStrategy<FlowSchema>({
  group: "flowcontrol.apiserver.k8s.io",
  resource: "flowschemas",
  setDefaults: ({ spec }) => {
    if (spec) spec.matchingPrecedence ||= 1000;
  },
  prepareForCreate: (draft) => {
    draft.status = {};
    setFirstGeneration(draft);
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    setNextGeneration(draft, previous);
  },
  validate,
  validateUpdate: (next, previous) => [...metadataErrors(next, false), ...validate(next), ...fixedErrors(next, previous)],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy<FlowSchema>() },
});
