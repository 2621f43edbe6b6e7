import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClusterClock } from "../../../base/clock/cluster-clock.ts";
import { hostNow } from "../../../base/clock/host.ts";
import { CertificateAuthority } from "../../../cluster/certificates/authority.ts";
import { httpsText } from "../../server/connect/https-text.ts";
import { oidcTokens, type OidcSettings } from "./oidc.ts";

const now = 1_800_000_000_000;
const { privateKey, publicKey } = await generateKeyPair("RS256");
const other = await generateKeyPair("RS256");
let server: Server;
let issuerUrl = "";
let certificateAuthority = "";
let asked: string[] = [];

beforeAll(async () => {
  const authority = await CertificateAuthority.create("issuer-ca", hostNow());
  certificateAuthority = authority.pair.certificate;
  const { certificate, key } = await authority.issue({ commonName: "issuer", usages: ["server"], addresses: ["127.0.0.1"] }, hostNow());
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "one", alg: "RS256", use: "sig" }] };
  server = createServer({ cert: certificate, key }, ({ url = "" }, response) => {
    asked.push(url);
    response.end(JSON.stringify(url === "/keys" ? keys : { issuer: issuerUrl, jwks_uri: `${issuerUrl}/keys` }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  issuerUrl = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const token = (claims: object, { key = privateKey, kid = "one", audience = "drydock", exp = now / 1000 + 60 } = {}) =>
  new SignJWT({ sub: "7", ...claims })
    .setProtectedHeader({ alg: "RS256", kid })
    .setIssuer(issuerUrl)
    .setAudience(audience)
    .setExpirationTime(exp)
    .sign(key);
const authenticator = (settings: Partial<OidcSettings> = {}) => {
  asked = [];
  const clock = new ClusterClock({ start: now, speed: 0 });
  return oidcTokens({ issuerUrl, clientId: "drydock", certificateAuthority, fetch: httpsText, clock, ...settings });
};

describe("a token of the issuer", () => {
  test.each<[Partial<OidcSettings>, object, string, readonly string[]]>([
    [{ usernamePrefix: "-" }, {}, "7", []],
    [{ usernamePrefix: "oidc:", groupsClaim: "teams", groupsPrefix: "oidc:" }, { teams: ["a", "b"] }, "oidc:7", ["oidc:a", "oidc:b"]],
    [{ usernameClaim: "email", groupsClaim: "team" }, { email: "ann@example.com", team: "a" }, "ann@example.com", ["a"]],
    [{ usernamePrefix: "-", requiredClaims: { tier: "gold" } }, { tier: "gold" }, "7", []],
  ])("with %j and claims %j is %s of %j", async (settings, claims, name, groups) =>
    expect((await authenticator(settings)(await token(claims), []))?.user).toEqual({ name, groups }),
  );

  test("bears the issuer before a name that is no e-mail address", async () =>
    expect((await authenticator()(await token({}), []))?.user.name).toBe(`${issuerUrl}#7`));

  test.each<[string, Partial<OidcSettings>, object, Parameters<typeof token>[1], string]>([
    ["for somebody else", {}, {}, { audience: "other" }, "oidc: verify token: unexpected"],
    ["that has expired", {}, {}, { exp: now / 1000 - 1 }, "oidc: verify token"],
    ["signed by another", {}, {}, { key: other.privateKey }, "oidc: verify token: signature"],
    ["of a key nobody knows", {}, {}, { kid: "two" }, "oidc: verify token: no applicable key"],
    ["with a signature of a kind not believed", { signingAlgs: ["ES256"] }, {}, {}, "oidc: verify token"],
    ["with an unverified address", { usernameClaim: "email" }, { email: "a@b", email_verified: false }, {}, "oidc: email not verified"],
    ["without its name", { usernameClaim: "login" }, {}, {}, "oidc: parse username claims"],
    ["without what is required", { requiredClaims: { tier: "gold" } }, {}, {}, "oidc: required claim tier not present in ID token"],
    ["with another value", { requiredClaims: { tier: "gold" } }, { tier: "tin" }, {}, "value does not match. Got = tin, want = gold"],
  ])("%s is refused", async (_what, settings, claims, over, message) =>
    expect(authenticator(settings)(await token(claims, over), [])).rejects.toThrow(message),
  );
});

test("tokens of others are none of its business, and cost no call", async () => {
  const authenticate = authenticator();
  for (const text of ["opaque", "a.b.c", `x.${btoa('{"iss":"https://elsewhere"}')}.y`, `x.${btoa("null")}.y`])
    expect(await authenticate(text, [])).toBeUndefined();
  expect(asked).toEqual([]);
});

test("keys are fetched once", async () => {
  const authenticate = authenticator();
  for (const _each of [1, 2, 3]) await authenticate(await token({}), []);
  expect(asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
});

test("an issuer that cannot be trusted is not asked for keys", async () => {
  const authenticate = authenticator({ certificateAuthority: undefined });
  await expect(authenticate(await token({}), [])).rejects.toThrow("oidc: verify token");
  expect(asked).toEqual([]);
});
