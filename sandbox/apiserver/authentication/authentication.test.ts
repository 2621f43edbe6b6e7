import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { SeededRandom } from "../../base/random/random.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { Reader } from "../cache/watch-cache.ts";
import { anonymous, authenticateWith, AuthenticationError } from "./authenticator.ts";
import { anyToken, bearerTokens, tokenOf } from "./bearer-token.ts";
import { bootstrapTokens } from "./bootstrap-token.ts";
import { clientCertificates } from "./client-certificate.ts";
import { frontProxy } from "./front-proxy.ts";
import { impersonated } from "./impersonation.ts";
import { SigningKey } from "./serviceaccount/signing-key.ts";
import { serviceAccountTokens } from "./serviceaccount/token-authenticator.ts";
import { issueToken } from "./serviceaccount/token-request.ts";
import { staticTokens } from "./static-tokens.ts";

const certificate = { commonName: "ann", organizations: ["crew"], fingerprint: "ab", authority: "client" as const };

describe("certificates", () => {
  test("the common name is the user, organizations are the groups", async () => {
    const { user } = await authenticateWith(clientCertificates)({ headers: {}, certificate });
    expect(user).toEqual({
      name: "ann",
      groups: ["crew", "system:authenticated"],
      extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=ab"] },
    });
  });

  test("one that no authority of ours signed is refused, not anonymous", async () => {
    await expect(
      authenticateWith(clientCertificates)({ headers: {}, certificate: { ...certificate, authority: undefined } }),
    ).rejects.toThrow(AuthenticationError);
  });

  test("a trusted proxy speaks for others; anybody else's word does not count", async () => {
    const authenticate = authenticateWith(frontProxy(["proxy"]), clientCertificates);
    const headers = { "x-remote-user": "bob", "x-remote-group": ["g1", "g2"], "x-remote-extra-acme.test%2fscope": "view" };
    const trusted = { ...certificate, commonName: "proxy", authority: "front-proxy" as const };
    expect((await authenticate({ headers, certificate: trusted })).user).toEqual({
      name: "bob",
      groups: ["g1", "g2", "system:authenticated"],
      extra: { "acme.test/scope": ["view"] },
    });
    expect((await authenticate({ headers, certificate })).user.name).toBe("ann");
    expect((await authenticate({ headers })).user).toEqual(anonymous);
  });
});

describe("bearer tokens", () => {
  test.each([
    ["Bearer abc", "abc"],
    ["bearer abc", "abc"],
    ["Bearer ", undefined],
    ["Basic abc", undefined],
    ["", undefined],
  ])("%j carries %j", (authorization, token) => expect(tokenOf({ headers: { authorization } })).toBe(token));

  test("a WebSocket carries its token among its protocols", () => {
    const protocol = `v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.${Buffer.from("abc").toString("base64url")}`;
    expect(tokenOf({ headers: { "sec-websocket-protocol": protocol } })).toBe("abc");
  });

  test("a token that nobody knows is wrong", async () => {
    const authenticate = authenticateWith(bearerTokens([], staticTokens([{ token: "abc", user: { name: "ann", groups: [] } }])));
    expect((await authenticate({ headers: { authorization: "Bearer abc" } })).user.name).toBe("ann");
    await expect(authenticate({ headers: { authorization: "Bearer abd" } })).rejects.toThrow("invalid bearer token");
  });
});

describe("service account tokens", () => {
  const clock = new ClusterClock({ start: Date.UTC(2026, 0, 1), speed: 0 });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const objects = new Map<string, object>([
    ["serviceaccounts/shop/robot", { metadata: { name: "robot", namespace: "shop", uid: "u1" } }],
    ["pods/shop/web", { metadata: { name: "web", namespace: "shop", uid: "u2" }, spec: { serviceAccountName: "robot", nodeName: "ann" } }],
    ["nodes//ann", { metadata: { name: "ann", uid: "u3" } }],
  ]);
  const reader: Reader = {
    get: (_group, resource, namespace, name) => objects.get(`${resource}/${namespace}/${name}`) as never,
    list: () => [],
    podsOn: () => [],
  };
  const options = {
    key: new SigningKey(Promise.resolve(privateKey)),
    issuer: "https://issuer.test",
    audiences: ["https://issuer.test"],
    reader,
    clock,
    random: new SeededRandom(1),
  };
  const authenticate = anyToken(serviceAccountTokens(options));
  const issue = async (spec: object): Promise<string> => {
    const { status } = (await issueToken({ metadata: {}, spec }, { namespace: "shop", name: "robot" }, options)) as { status?: unknown };
    return (status as { token: string }).token;
  };

  test("let their account in, with its groups, for the audience they were made for", async () => {
    const token = await issue({});
    expect((await authenticate(token, options.audiences))?.user).toMatchObject({
      name: "system:serviceaccount:shop:robot",
      uid: "u1",
      groups: ["system:serviceaccounts", "system:serviceaccounts:shop"],
    });
    await expect(authenticate(await issue({ audiences: ["other"] }), options.audiences)).rejects.toThrow(
      "invalid for the target audiences",
    );
  });

  test("bound to a pod say which pod and node, and die with it", async () => {
    const token = await issue({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "web" } });
    expect((await authenticate(token, options.audiences))?.user.extra).toMatchObject({
      "authentication.kubernetes.io/pod-name": ["web"],
      "authentication.kubernetes.io/node-name": ["ann"],
    });
    objects.delete("pods/shop/web");
    await expect(authenticate(token, options.audiences)).rejects.toThrow("service account token has been invalidated");
  });

  test("run out", async () => {
    const token = await issue({ expirationSeconds: 600 });
    await clock.advance(601_000);
    await expect(authenticate(token, options.audiences)).rejects.toThrow("service account token has expired");
  });

  test("may not be asked for less than ten minutes", async () => {
    await expect(issue({ expirationSeconds: 10 })).rejects.toThrow("may not specify a duration less than 10 minutes");
  });
});

test("a bootstrap token is a secret of kube-system that has not run out", async () => {
  const clock = new ClusterClock({ start: Date.UTC(2026, 0, 1), speed: 0 });
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const secret = {
    metadata: { name: "bootstrap-token-abcdef" },
    type: "bootstrap.kubernetes.io/token",
    data: {
      "token-id": base64("abcdef"),
      "token-secret": base64("0123456789abcdef"),
      "usage-bootstrap-authentication": base64("true"),
      "expiration": base64("2026-01-01T00:10:00Z"),
    },
  };
  const authenticate = bootstrapTokens({ get: () => secret, list: () => [], podsOn: () => [] }, clock);
  expect((await authenticate("abcdef.0123456789abcdef", []))?.user).toEqual({
    name: "system:bootstrap:abcdef",
    groups: ["system:bootstrappers"],
  });
  expect(await authenticate("abcdef.0123456789abcdee", [])).toBeUndefined();
  await clock.advance(600_000);
  expect(await authenticate("abcdef.0123456789abcdef", [])).toBeUndefined();
});

describe("impersonation", () => {
  const root = { name: "root", groups: [] };
  const all: Authorizer = { authorize: () => ({ decision: "allow", reason: "" }) };

  test.each([
    ["a user is authenticated", { "impersonate-user": "ann" }, { name: "ann", groups: ["system:authenticated"] }],
    [
      "groups are those asked for",
      { "impersonate-user": "ann", "impersonate-group": ["g1", "g2"] },
      { name: "ann", groups: ["g1", "g2", "system:authenticated"] },
    ],
    [
      "a service account has its own groups",
      { "impersonate-user": "system:serviceaccount:shop:robot" },
      {
        name: "system:serviceaccount:shop:robot",
        groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
      },
    ],
    [
      "nobody is unauthenticated",
      { "impersonate-user": "system:anonymous" },
      { name: "system:anonymous", groups: ["system:unauthenticated"] },
    ],
    [
      "extras keep their keys",
      { "impersonate-user": "ann", "impersonate-extra-test.example%2fkey": "V" },
      { name: "ann", groups: ["system:authenticated"], extra: { "test.example/key": ["V"] } },
    ],
  ])("%s", async (_what, headers, user) => expect(await impersonated(root, headers, all)).toEqual(user));

  test("groups without a user are no request at all", async () => {
    await expect(impersonated(root, { "impersonate-group": "g1" }, all)).rejects.toThrow(
      "requested [{Group  g1    }] without impersonating a user",
    );
  });

  test("needs the right to impersonate each part", async () => {
    const onlyUsers: Authorizer = {
      authorize: ({ resource }) => ({ decision: resource === "users" ? "allow" : "no-opinion", reason: "" }),
    };
    await expect(impersonated(root, { "impersonate-user": "ann", "impersonate-group": "g1" }, onlyUsers)).rejects.toThrow(
      'groups "g1" is forbidden: User "root" cannot impersonate resource "groups" in API group "" at the cluster scope',
    );
  });
});
