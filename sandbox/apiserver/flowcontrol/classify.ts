import type { FlowSchema } from "../../api/types.ts";
import type { UserInfo } from "../operation.ts";
import type { RequestInfo } from "../server/request-info.ts";

/** What of a request FlowSchemas look at. */
export type FlowRequest = Pick<RequestInfo, "isResource" | "path" | "verb" | "group" | "resource" | "subresource" | "namespace">;

type Rule = NonNullable<FlowSchema["spec"]["rules"]>[number];
type Subject = Rule["subjects"][number];
type ResourceRule = NonNullable<Rule["resourceRules"]>[number];
type NonResourceRule = NonNullable<Rule["nonResourceRules"]>[number];

const accountPrefix = "system:serviceaccount:";

/** In the order they are asked: by precedence, then by name. */
export const inOrder = (schemas: readonly FlowSchema[]): readonly FlowSchema[] =>
  schemas.toSorted((a, b) => precedence(a) - precedence(b) || ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));

const precedence = ({ spec }: FlowSchema): number => spec?.matchingPrecedence ?? 1000;

/** Whether a request belongs to a FlowSchema: one rule names both who asks and what for. Upstream's matchesFlowSchema. */
export const matches = ({ spec }: FlowSchema, user: UserInfo, request: FlowRequest): boolean =>
  (spec?.rules ?? []).some(
    ({ subjects = [], resourceRules = [], nonResourceRules = [] }) =>
      subjects.some((subject) => isSubject(subject, user)) &&
      (request.isResource
        ? resourceRules.some((rule) => allowsResource(rule, request))
        : nonResourceRules.some((rule) => allowsPath(rule, request))),
  );

/** What tells flows of one schema apart (its distinguisherMethod). */
export const flowOf = ({ spec }: FlowSchema, user: UserInfo, { namespace }: FlowRequest): string => {
  const method = spec?.distinguisherMethod?.type;
  return method === "ByUser" ? user.name : method === "ByNamespace" ? namespace : "";
};

const isSubject = (subject: Subject, { name, groups }: UserInfo): boolean => {
  switch (subject.kind) {
    case "User":
      return subject.user?.name === "*" || subject.user?.name === name;
    case "Group":
      return subject.group?.name === "*" || groups.includes(subject.group?.name ?? "");
    case "ServiceAccount": {
      const { namespace = "", name: account = "" } = subject.serviceAccount ?? {};
      const prefix = `${accountPrefix}${namespace}:`;
      return account === "*" ? name.startsWith(prefix) : name === prefix + account;
    }
    default:
      return false;
  }
};

const has = (values: readonly string[] | undefined, value: string): boolean =>
  values !== undefined && (values.includes("*") || values.includes(value));

const allowsResource = (rule: ResourceRule, { verb, group, resource, subresource, namespace }: FlowRequest): boolean =>
  has(rule.verbs, verb) &&
  has(rule.apiGroups, group) &&
  has(rule.resources, subresource === "" ? resource : `${resource}/${subresource}`) &&
  (namespace === "" ? rule.clusterScope === true : has(rule.namespaces, namespace));

const allowsPath = (rule: NonResourceRule, { verb, path }: FlowRequest): boolean =>
  has(rule.verbs, verb) &&
  (rule.nonResourceURLs ?? []).some((each) => each === "*" || each === path || (each.endsWith("*") && path.startsWith(each.slice(0, -1))));
