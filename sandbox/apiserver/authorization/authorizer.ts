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

/** Says whether a user may. */
export interface Authorizer {
  /** Decides at once, from what it holds in memory: every request passes here. */
  authorize(attributes: Attributes): Decision;
  /** For those who may have to ask elsewhere first. Absent: `authorize` is all there is to it. Never rejects. */
  decide?(attributes: Attributes): Decision | Promise<Decision>;
  rulesFor?(user: UserInfo, namespace: string): UserRules;
}

export const allow = (reason = ""): Decision => ({ decision: "allow", reason });
export const noOpinion = (reason = ""): Decision => ({ decision: "no-opinion", reason });

/** What the authorizer says when it may take its time; no promise where it needs none. */
export const decide = (authorizer: Authorizer, attributes: Attributes): Decision | Promise<Decision> =>
  authorizer.decide ? authorizer.decide(attributes) : authorizer.authorize(attributes);

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
  ...(authorizers.some((each) => "decide" in each) && { decide: (attributes: Attributes) => decideFrom(authorizers, attributes, 0, []) }),
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

/** As `authorize` of a union, from the one at `first` on; waits only for those who ask elsewhere. */
const decideFrom = (
  authorizers: readonly Authorizer[],
  attributes: Attributes,
  first: number,
  reasons: string[],
): Decision | Promise<Decision> => {
  for (let at = first; at < authorizers.length; at++) {
    const asked = decide(authorizers[at]!, attributes);
    if (asked instanceof Promise)
      return asked.then((decision) => {
        if (decision.decision !== "no-opinion") return decision;
        if (decision.reason !== "") reasons.push(decision.reason);
        return decideFrom(authorizers, attributes, at + 1, reasons);
      });
    if (asked.decision !== "no-opinion") return asked;
    if (asked.reason !== "") reasons.push(asked.reason);
  }
  return noOpinion(reasons.join("\n"));
};
