import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { auditLogFile } from "../apiserver/audit/log-file.ts";
import { parseAuditPolicy } from "../apiserver/audit/policy.ts";
import { webhookTarget } from "../apiserver/authorization/webhook/webhook-kubeconfig.ts";
import type { AccessSettings, AuthorizationMode } from "../cluster/access.ts";
import type { ClusterOptions } from "../cluster/options.ts";
import { Failure, UsageError, type Arguments, type OptionRule } from "./verb.ts";

/** The API server's own flags about who may what, and what is written down of it. */
export const accessFlags: Readonly<Record<string, OptionRule>> = {
  "authorization-mode": { value: "LIST", help: "Who decides, in order: Node,RBAC,Webhook,AlwaysAllow,AlwaysDeny (default Node,RBAC)." },
  "authorization-webhook-config-file": { value: "KUBECONFIG", help: "Where SubjectAccessReviews are posted to, for the mode Webhook." },
  "authorization-webhook-version": { value: "VERSION", help: "Of authorization.k8s.io: v1 or v1beta1 (default v1)." },
  "oidc-issuer-url": { value: "URL", help: "Whose ID tokens are believed; https." },
  "oidc-client-id": { value: "ID", help: "The audience that ID tokens must be for." },
  "oidc-username-claim": { value: "CLAIM", help: "Which claim is the user's name (default sub)." },
  "oidc-username-prefix": { value: "TEXT", help: "Put before it; - is nothing (default URL#, but nothing before email)." },
  "oidc-groups-claim": { value: "CLAIM", help: "Which claim holds the user's groups." },
  "oidc-groups-prefix": { value: "TEXT", help: "Put before each group." },
  "oidc-required-claim": { value: "KEY=VALUE", help: "A claim that must be so.", repeated: true },
  "oidc-ca-file": { value: "FILE", help: "Who signed the issuer's certificate." },
  "oidc-signing-algs": { value: "LIST", help: "Which signatures are believed (default RS256)." },
  "audit-policy-file": { value: "FILE", help: "A Policy (audit.k8s.io/v1): what is written down of requests." },
  "audit-log-path": { value: "FILE", help: "Where it is written to, as lines of JSON; - is standard output." },
};

/** Reads what the flags name. Throws Failure of one line. */
export const accessOptions = async (given: Arguments): Promise<Pick<ClusterOptions, "access" | "audit">> => ({
  ...(await auditOf(given)),
  access: { ...(await oidcOf(given)), ...(await authorizationOf(given)) },
});

const oidcOf = async (given: Arguments): Promise<Pick<AccessSettings, "oidc">> => {
  const [issuerUrl, clientId] = [given.text("oidc-issuer-url"), given.text("oidc-client-id")];
  if (issuerUrl === undefined && clientId === undefined) return {};
  if (issuerUrl === undefined || clientId === undefined) throw new UsageError("--oidc-issuer-url and --oidc-client-id go together");
  if (!issuerUrl.startsWith("https://") || !URL.canParse(issuerUrl)) throw new UsageError("--oidc-issuer-url must be an https URL");
  const requiredClaims = given.texts("oidc-required-claim").map((pair): [string, string] => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--oidc-required-claim is KEY=VALUE, not ${JSON.stringify(pair)}`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  const caFile = given.text("oidc-ca-file");
  const algs = given.text("oidc-signing-algs")?.split(",");
  for (const alg of algs ?? [])
    if (!signingAlgs.includes(alg)) throw new UsageError(`--oidc-signing-algs knows ${signingAlgs.join(", ")}, not ${JSON.stringify(alg)}`);
  const settings = {
    usernameClaim: given.text("oidc-username-claim"),
    usernamePrefix: given.text("oidc-username-prefix"),
    groupsClaim: given.text("oidc-groups-claim"),
    groupsPrefix: given.text("oidc-groups-prefix"),
    signingAlgs: algs,
    certificateAuthority: caFile && (await attempt(`the authority ${caFile}`, () => readFile(caFile, "utf8"))),
  };
  return { oidc: { issuerUrl, clientId, requiredClaims: Object.fromEntries(requiredClaims), ...settings } };
};

const signingAlgs = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];
const modes: readonly string[] = ["Node", "RBAC", "Webhook", "AlwaysAllow", "AlwaysDeny"];

const authorizationOf = async (given: Arguments): Promise<AccessSettings> => {
  const wanted = given.text("authorization-mode")?.split(",");
  const file = given.text("authorization-webhook-config-file");
  for (const mode of wanted ?? [])
    if (!modes.includes(mode)) throw new UsageError(`--authorization-mode knows ${modes.join(", ")}, not ${JSON.stringify(mode)}`);
  if ((wanted?.includes("Webhook") ?? false) !== (file !== undefined))
    throw new UsageError("--authorization-mode=Webhook and --authorization-webhook-config-file go together");
  const version = given.text("authorization-webhook-version") ?? "v1";
  if (version !== "v1" && version !== "v1beta1") throw new UsageError("--authorization-webhook-version is v1 or v1beta1");
  const read = (path: string): string => readFileSync(resolve(dirname(file ?? ""), path), "utf8");
  const what = `the webhook's kubeconfig ${file ?? ""}`;
  const target = file && (await attempt(what, async () => webhookTarget(await readFile(file, "utf8"), read)));
  return {
    ...(wanted && { authorizationModes: wanted as AuthorizationMode[] }),
    ...(target && { authorizationWebhook: { target, version } }),
  };
};

const auditOf = async (given: Arguments): Promise<Pick<ClusterOptions, "audit">> => {
  const [file, path] = [given.text("audit-policy-file"), given.text("audit-log-path")];
  if (file === undefined && path === undefined) return {};
  if (file === undefined || path === undefined) throw new UsageError("--audit-policy-file and --audit-log-path go together");
  const policy = await attempt(`the audit policy ${file}`, async () => parseAuditPolicy(await readFile(file, "utf8")));
  const { write } = await attempt("the audit log", () => Promise.resolve(auditLogFile(path)));
  return { audit: { policy, write } };
};

const attempt = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    throw new Failure(`${what} cannot be used: ${(error as Error).message}`);
  }
};
