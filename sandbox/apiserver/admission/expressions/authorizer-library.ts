import { overload, type CelType, type Overload } from "../../../apimachinery/cel/index.ts";
import type { UserInfo } from "../../../apimachinery/operation/operation.ts";
import type { Attributes as Question, Authorizer, Decision } from "../../authorization/authorizer.ts";

const authorization = "kubernetes.authorization";
export const authorizerType: CelType = { kind: "opaque", name: `${authorization}.Authorizer` };
export const resourceCheckType: CelType = { kind: "opaque", name: `${authorization}.ResourceCheck` };

/** Who is asked about, and whom. Everybody may everything where nobody is asked. */
export interface Asking {
  readonly user: UserInfo;
  readonly authorizer: Authorizer | undefined;
}

class Check {
  readonly celType: string;
  readonly asking: Asking;
  readonly question: Omit<Question, "user" | "verb">;
  constructor(kind: string, asking: Asking, question: Omit<Question, "user" | "verb">) {
    this.celType = `${authorization}.${kind}`;
    this.asking = asking;
    this.question = question;
  }
  with(kind: string, more: Partial<Question>): Check {
    return new Check(kind, this.asking, { ...this.question, ...more });
  }
}

class Answer {
  readonly celType = `${authorization}.Decision`;
  readonly decision: Decision;
  constructor(decision: Decision) {
    this.decision = decision;
  }
}

const decided = ({ asking, question }: Check, verb: string): Answer =>
  new Answer(asking.authorizer?.authorize({ user: asking.user, verb, ...question }) ?? { decision: "allow", reason: "" });

const serviceAccount = ({ asking }: Check, namespace: string, name: string): Check =>
  new Check(
    "Authorizer",
    {
      ...asking,
      user: {
        name: `system:serviceaccount:${namespace}:${name}`,
        groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
      },
    },
    {},
  );

/** The value of `authorizer`. */
export const authorizerValue = (asking: Asking): unknown => new Check("Authorizer", asking, {});

/** The value of `authorizer.requestResource`: the check of what the request is about. */
export const requestResourceValue = (asking: Asking, question: Omit<Question, "user" | "verb">): unknown =>
  new Check("ResourceCheck", asking, question);

const named = (signature: string): string => signature.replaceAll("@", `${authorization}.`);

/** Functions by which expressions ask who may do what. */
export const authorizerLibrary: readonly Overload[] = [
  overload(named("@Authorizer.path(string): @PathCheck"), (check: Check, path: string) => check.with("PathCheck", { path })),
  overload(named("@Authorizer.group(string): @GroupCheck"), (check: Check, group: string) => check.with("GroupCheck", { group })),
  overload(named("@Authorizer.serviceAccount(string, string): @Authorizer"), serviceAccount),
  overload(named("@GroupCheck.resource(string): @ResourceCheck"), (check: Check, resource: string) =>
    check.with("ResourceCheck", { resource }),
  ),
  overload(named("@ResourceCheck.subresource(string): @ResourceCheck"), (check: Check, subresource: string) =>
    check.with("ResourceCheck", { subresource }),
  ),
  overload(named("@ResourceCheck.namespace(string): @ResourceCheck"), (check: Check, namespace: string) =>
    check.with("ResourceCheck", { namespace }),
  ),
  overload(named("@ResourceCheck.name(string): @ResourceCheck"), (check: Check, name: string) => check.with("ResourceCheck", { name })),
  overload(named("@PathCheck.check(string): @Decision"), decided),
  overload(named("@ResourceCheck.check(string): @Decision"), decided),
  overload(named("@Decision.allowed(): bool"), ({ decision }: Answer) => decision.decision === "allow"),
  overload(named("@Decision.reason(): string"), ({ decision }: Answer) => decision.reason),
  overload(named("@Decision.errored(): bool"), () => false),
  overload(named("@Decision.error(): string"), () => ""),
];
