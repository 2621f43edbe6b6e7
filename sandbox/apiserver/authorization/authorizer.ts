import type { FieldRequirement } from "../../apimachinery/fields/selector.ts";
import type { UserInfo } from "../operation.ts";

/** What is asked for, in the words of authorization: upstream's `authorizer.Attributes`. */
export interface Attributes {
  readonly user: UserInfo;
  /** A resource's verb (`list`, `bind`, `impersonate`…), or the lower-case HTTP method for a path. */
  readonly verb: string;
  readonly group?: string;
  readonly version?: string;
  /** Absent for a request that is about a path. */
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** The path of a request that is not about a resource: `/healthz`. */
  readonly path?: string;
  readonly fieldRequirements?: readonly FieldRequirement[];
}

/** `no-opinion` leaves it to the next authorizer; when nobody allows, the request is forbidden. */
export interface Decision {
  readonly decision: "allow" | "deny" | "no-opinion";
  readonly reason: string;
}

/** authorization.k8s.io ResourceRule and NonResourceRule: what a user may do in a namespace. */
export interface UserRules {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly NonResourceRule[];
  readonly incomplete: boolean;
  readonly evaluationErrors: readonly string[];
}

export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Says whether a user may. Decides at once, from what it holds in memory: every request passes here. */
export interface Authorizer {
  authorize(attributes: Attributes): Decision;
  rulesFor?(user: UserInfo, namespace: string): UserRules;
}

export const allow = (reason = ""): Decision => ({ decision: "allow", reason });
export const noOpinion = (reason = ""): Decision => ({ decision: "no-opinion", reason });

/** Members of these groups may do everything; nothing stored can take that away. */
export const privilegedGroups = (...names: readonly string[]): Authorizer => ({
  authorize: ({ user }) => (user.groups.some((group) => names.includes(group)) ? allow() : noOpinion()),
});

/** Asks one after the other; the first that allows or denies decides. Reasons of those without an opinion are joined. */
export const union = (...authorizers: readonly Authorizer[]): Authorizer => ({
  authorize(attributes) {
    const reasons: string[] = [];
    for (const authorizer of authorizers) {
      const decision = authorizer.authorize(attributes);
      if (decision.decision !== "no-opinion") return decision;
      if (decision.reason !== "") reasons.push(decision.reason);
    }
    return noOpinion(reasons.join("\n"));
  },
  rulesFor(user, namespace) {
    const all = authorizers.flatMap((authorizer) => authorizer.rulesFor?.(user, namespace) ?? []);
    return {
      resourceRules: all.flatMap((rules) => rules.resourceRules),
      nonResourceRules: all.flatMap((rules) => rules.nonResourceRules),
      incomplete: all.some((rules) => rules.incomplete),
      evaluationErrors: all.flatMap((rules) => rules.evaluationErrors),
    };
  },
});
