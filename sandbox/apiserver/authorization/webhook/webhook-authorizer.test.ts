import { expect, test } from "vitest";
import { ClusterClock } from "../../../base/clock/cluster-clock.ts";
import { silentLog } from "../../../base/log/log.ts";
import type { HttpsCall } from "../../server/connect/https-text.ts";
import { allow, decide, noOpinion, union, type Authorizer } from "../authorizer.ts";
import { webhookAuthorizer } from "./webhook-authorizer.ts";
import { webhookTarget } from "./webhook-kubeconfig.ts";

const asked = {
  user: { name: "ann", groups: ["sailors"] },
  verb: "get",
  group: "apps",
  version: "v1",
  resource: "deployments",
  name: "web",
};

const webhook = (status: object | undefined, code = 200) => {
  const clock = new ClusterClock({ start: 0, speed: 0 });
  const calls: HttpsCall[] = [];
  const authorizer = webhookAuthorizer({
    target: { url: "https://judge.example" },
    fetch: (call) => {
      calls.push(call);
      return Promise.resolve({ code, text: JSON.stringify({ status }) });
    },
    clock,
    log: silentLog,
  });
  return { clock, calls, authorizer };
};

test.each([
  [{ allowed: true, reason: "captain" }, 200, { decision: "allow", reason: "captain" }],
  [{ allowed: false }, 200, { decision: "no-opinion", reason: "" }],
  [{ allowed: false, denied: true, reason: "mutiny" }, 200, { decision: "deny", reason: "mutiny" }],
  [{ allowed: true, denied: true }, 200, { decision: "no-opinion", reason: "" }],
  [undefined, 200, { decision: "no-opinion", reason: "" }],
  [{ allowed: true }, 500, { decision: "no-opinion", reason: "" }],
])("a webhook that answers %j with %i decides %j", async (status, code, decision) =>
  expect(await decide(webhook(status, code).authorizer, asked)).toEqual(decision),
);

test("the webhook is told who asks for what", async () => {
  const { authorizer, calls } = webhook({ allowed: true });
  await decide(authorizer, asked);
  await decide(authorizer, { user: asked.user, verb: "get", path: "/metrics" });
  expect(calls.map(({ body }) => body)).toMatchObject([
    {
      kind: "SubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      spec: {
        user: "ann",
        groups: ["sailors"],
        resourceAttributes: { verb: "get", group: "apps", version: "v1", resource: "deployments", name: "web" },
      },
    },
    { spec: { nonResourceAttributes: { path: "/metrics", verb: "get" } } },
  ]);
});

test.each([
  [true, 5 * 60_000],
  [false, 30_000],
])("an answer with allowed %j is remembered for %i ms", async (allowed, ms) => {
  const { authorizer, calls, clock } = webhook({ allowed });
  expect(authorizer.authorize(asked)).toEqual(noOpinion());
  await decide(authorizer, asked);
  await clock.advance(ms - 1);
  expect(decide(authorizer, asked)).not.toBeInstanceOf(Promise);
  expect(authorizer.authorize(asked).decision).toBe(allowed ? "allow" : "no-opinion");
  expect(calls).toHaveLength(1);
  await clock.advance(1);
  await decide(authorizer, asked);
  expect(calls).toHaveLength(2);
});

test("in a union the webhook is asked in its place, and who decides from memory is not waited for", async () => {
  const { authorizer, calls } = webhook({ denied: true });
  const everybody: Authorizer = { authorize: () => allow() };
  const nobody: Authorizer = { authorize: () => noOpinion("nobody") };
  expect(decide(union(everybody, authorizer), asked)).toEqual(allow());
  expect(calls).toHaveLength(0);
  expect(await decide(union(nobody, authorizer, everybody), asked)).toMatchObject({ decision: "deny" });
  expect(await decide(union(nobody, webhook({ allowed: false, reason: "never" }).authorizer), asked)).toEqual(noOpinion("nobody\nnever"));
});

test("a webhook's kubeconfig says where it is and with what", () => {
  const config = `
current-context: judge
contexts: [{name: judge, context: {cluster: court, user: server}}]
clusters: [{name: court, cluster: {server: "https://judge.example/authorize", certificate-authority: ca.pem}}]
users: [{name: server, user: {client-certificate-data: ${btoa("CERT")}, client-key-data: ${btoa("KEY")}}}]`;
  expect(webhookTarget(config, (path) => `content of ${path}`)).toEqual({
    url: "https://judge.example/authorize",
    certificateAuthority: "content of ca.pem",
    clientCertificate: "CERT",
    clientKey: "KEY",
  });
  expect(() => webhookTarget("clusters: 7", () => "")).toThrow("its cluster has no server with https");
});
