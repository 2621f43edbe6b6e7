import type { KeyObject } from "node:crypto";
import type { AnyObject } from "../apimachinery/meta/types.ts";
import type { UserInfo } from "../apimachinery/operation/operation.ts";
import { anyToken, bearerTokens } from "../apiserver/authentication/bearer-token.ts";
import { authenticateWith, type Credentials, type Identity } from "../apiserver/authentication/authenticator.ts";
import { bootstrapTokens } from "../apiserver/authentication/bootstrap-token.ts";
import { clientCertificates } from "../apiserver/authentication/client-certificate.ts";
import { frontProxy } from "../apiserver/authentication/front-proxy.ts";
import { oidcTokens, type OidcSettings } from "../apiserver/authentication/oidc/oidc.ts";
import { SigningKey } from "../apiserver/authentication/serviceaccount/signing-key.ts";
import { serviceAccountTokens } from "../apiserver/authentication/serviceaccount/token-authenticator.ts";
import { issueToken } from "../apiserver/authentication/serviceaccount/token-request.ts";
import { staticTokens } from "../apiserver/authentication/static-tokens.ts";
import { reviewToken } from "../apiserver/authentication/token-review.ts";
import { reviewSelf } from "../apiserver/authentication/user-info.ts";
import {
  reviewLocalSubjectAccess,
  reviewOwnAccess,
  reviewOwnRules,
  reviewSubjectAccess,
} from "../apiserver/authorization/access-review.ts";
import { allow, noOpinion, privilegedGroups, union, type Authorizer } from "../apiserver/authorization/authorizer.ts";
import { nodeAuthorizer } from "../apiserver/authorization/node/node-authorizer.ts";
import { storedNodeGraph } from "../apiserver/authorization/node/node-graph.ts";
import { nodeRules } from "../apiserver/authorization/rbac/bootstrap-policy/default-policy.ts";
import { publicPaths } from "../apiserver/authorization/public-paths.ts";
import { storedPolicy } from "../apiserver/authorization/rbac/policy-source.ts";
import { rbacAuthorizer } from "../apiserver/authorization/rbac/rbac-authorizer.ts";
import { webhookAuthorizer, type WebhookAuthorizerOptions } from "../apiserver/authorization/webhook/webhook-authorizer.ts";
import type { Reader } from "../apiserver/cache/watch-cache.ts";
import type { IssueToken } from "../apiserver/endpoints/request.ts";
import type { Review } from "../apiserver/endpoints/review.ts";
import { httpsText } from "../apiserver/server/connect/https-text.ts";
import type { Clock } from "../base/clock/clock.ts";
import type { Log } from "../base/log/log.ts";
import type { Random } from "../base/random/random.ts";

/** The common name of the certificate with which our own proxy shows itself to extension API servers. */
export const frontProxyNames = ["front-proxy-client"];

/** How --authorization-mode names authorizers; asked in the order given. */
export type AuthorizationMode = "Node" | "RBAC" | "Webhook" | "AlwaysAllow" | "AlwaysDeny";

const defaultModes: readonly AuthorizationMode[] = ["Node", "RBAC"];

/** No opinion on anything: alone it forbids all (upstream's alwaysDenyAuthorizer). */
const never: Authorizer = { authorize: () => noOpinion("Everything is forbidden.") };

/** What may be chosen of authentication and authorization. */
export interface AccessSettings {
  readonly oidc?: OidcSettings;
  readonly authorizationModes?: readonly AuthorizationMode[];
  /** Wanted by the mode Webhook. */
  readonly authorizationWebhook?: Pick<WebhookAuthorizerOptions, "target" | "version">;
}

export interface AccessOptions {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
  readonly issuer: string;
  readonly serviceAccountKey: Promise<KeyObject>;
  readonly settings?: AccessSettings;
  readonly log: Log;
  readonly tokens?: readonly { readonly token: string; readonly user: UserInfo }[];
}

/** Who is who, and who may what: authentication, authorization, and the reviews that answer for both. */
export interface Access {
  readonly authorizer: Authorizer;
  readonly authenticate: (credentials: Credentials) => Promise<Identity>;
  readonly reviews: Readonly<Record<string, Review>>;
  readonly issueToken: IssueToken;
  readonly signingKey: SigningKey;
}

export const createAccess = (options: AccessOptions): Access => {
  const { reader, clock, random, issuer, serviceAccountKey, tokens = [], log, settings = {} } = options;
  const signingKey = new SigningKey(serviceAccountKey);
  const audiences = [issuer];
  const tokenOptions = { key: signingKey, issuer, audiences, reader, clock, random };
  const oidc = settings.oidc ? [oidcTokens({ ...settings.oidc, fetch: httpsText, clock })] : [];
  const knownTokens = anyToken(staticTokens(tokens), serviceAccountTokens(tokenOptions), bootstrapTokens(reader, clock), ...oidc);
  const modes: Readonly<Record<AuthorizationMode, () => Authorizer>> = {
    Node: () => nodeAuthorizer(storedNodeGraph(reader), nodeRules()),
    RBAC: () => rbacAuthorizer(storedPolicy(reader)),
    Webhook: () =>
      settings.authorizationWebhook ? webhookAuthorizer({ ...settings.authorizationWebhook, fetch: httpsText, clock, log }) : never,
    AlwaysAllow: () => ({ authorize: () => allow() }),
    AlwaysDeny: () => never,
  };
  const authorizer = union(
    privilegedGroups("system:masters"),
    publicPaths("/.well-known/openid-configuration"),
    ...(settings.authorizationModes ?? defaultModes).map((mode) => modes[mode]()),
  );
  type Asked = Parameters<Review>[1];
  return {
    authorizer,
    authenticate: authenticateWith(frontProxy(frontProxyNames), clientCertificates, bearerTokens(audiences, knownTokens)),
    reviews: {
      "authentication.k8s.io/tokenreviews": (review) => reviewToken(review, knownTokens, audiences),
      "authentication.k8s.io/selfsubjectreviews": (review, { user }: Asked) => reviewSelf(review, user, clock.now()),
      "authorization.k8s.io/subjectaccessreviews": (review: AnyObject) => reviewSubjectAccess(review, authorizer),
      "authorization.k8s.io/localsubjectaccessreviews": (review: AnyObject) => reviewLocalSubjectAccess(review, authorizer),
      "authorization.k8s.io/selfsubjectaccessreviews": (review, { user }: Asked) => reviewOwnAccess(review, user, authorizer),
      "authorization.k8s.io/selfsubjectrulesreviews": (review, { user }: Asked) => reviewOwnRules(review, user, authorizer),
    },
    issueToken: (request, place) => issueToken(request, place, tokenOptions),
    signingKey,
  };
};
