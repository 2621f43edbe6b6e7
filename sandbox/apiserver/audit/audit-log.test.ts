import { describe, expect, test } from "vitest";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { requestInfoOf } from "../server/request-info.ts";
import type { HttpRequest, Sink } from "../server/http.ts";
import { AuditLog } from "./audit-log.ts";
import { evaluate, parseAuditPolicy } from "./policy.ts";

const policyOf = (rules: string) => parseAuditPolicy(`{apiVersion: audit.k8s.io/v1, kind: Policy, rules: ${rules}}`);
const infoOf = (method: string, path: string, query = "") => requestInfoOf(method, path, new URLSearchParams(query));

test.each<[string, string, string, string]>([
  ["[{level: Metadata}]", "GET", "/healthz", "Metadata"],
  ["[{level: Metadata, users: [bob]}]", "GET", "/healthz", "None"],
  ["[{level: None, nonResourceURLs: ['/health*']}, {level: Metadata}]", "GET", "/healthz", "None"],
  ["[{level: Request, userGroups: [sailors], verbs: [watch]}]", "GET", "/api/v1/pods/a", "None"],
  ["[{level: Request, userGroups: [sailors], verbs: [list]}]", "GET", "/api/v1/pods", "Request"],
  ["[{level: Request, resources: [{group: '', resources: [pods]}]}]", "GET", "/api/v1/namespaces/shop/pods/a/log", "None"],
  ["[{level: Request, resources: [{group: '', resources: ['pods/*']}]}]", "GET", "/api/v1/namespaces/shop/pods/a/log", "Request"],
  ["[{level: Request, resources: [{group: '', resources: ['*/log']}]}]", "GET", "/api/v1/namespaces/shop/pods/a/log", "Request"],
  ["[{level: Request, resources: [{group: apps}]}]", "GET", "/apis/apps/v1/deployments", "Request"],
  ["[{level: Request, resources: [{group: '', resources: [pods], resourceNames: [b]}]}]", "GET", "/api/v1/namespaces/shop/pods/a", "None"],
  ["[{level: Request, namespaces: ['']}]", "GET", "/api/v1/nodes", "Request"],
  ["[{level: Request, namespaces: [shop]}]", "GET", "/healthz", "None"],
])("a policy %s asks of %s %s for %s", (rules, method, path, level) =>
  expect(evaluate(policyOf(rules), { name: "ann", groups: ["sailors"] }, infoOf(method, path)).level).toBe(level),
);

test.each([
  ["kind: Pod", "a Policy of audit.k8s.io/v1 is wanted"],
  ["{apiVersion: audit.k8s.io/v1, kind: Policy}", "0 rules"],
  ["{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: All}]}", 'rules[0].level: Unsupported value: "All"'],
  ["{apiVersion: audit.k8s.io/v1, kind: Policy, omitStages: [Start], rules: [{level: None}]}", "omitStages[0]: Invalid value"],
  ["{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None, users: ann}]}", "rules[0].users: must be a list"],
  ["a: b: c", "it is no YAML"],
  ["[]", "it holds no object"],
])("the policy %j is refused", (text, message) => expect(() => parseAuditPolicy(text)).toThrow(message));

describe("events", () => {
  const user = { name: "ann", groups: ["system:authenticated"] };
  const logOf = (rules: string) => {
    const events: Record<string, unknown>[] = [];
    const log = new AuditLog({
      policy: policyOf(rules),
      write: (line) => void events.push(JSON.parse(line) as Record<string, unknown>),
      clock: new ClusterClock({ start: 0, speed: 0 }),
      readBinary: () => undefined,
    });
    return { log, events };
  };
  const requestOf = (method: string, path: string, body = ""): HttpRequest => ({
    method,
    path,
    query: new URLSearchParams("dryRun=All"),
    headers: { "user-agent": "kubectl", "content-type": "application/json", "x-forwarded-for": "10.0.0.9" },
    remoteAddress: "127.0.0.1:4711",
    body: () => Promise.resolve(Buffer.from(body)),
    signal: new AbortController().signal,
  });
  const pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "web", managedFields: [{}] } };
  const path = "/api/v1/namespaces/shop/pods";

  test("a request is written down when it comes in and when it is answered", async () => {
    const { log, events } = logOf("[{level: RequestResponse, omitManagedFields: true}]");
    const request = requestOf("POST", path, JSON.stringify(pod));
    const record = log.begin({ request, info: infoOf("POST", path), user, auditId: "id-1" });
    record?.decided({ decision: "allow", reason: "because" });
    await record?.request.body(1000);
    record?.answered({ code: 201, headers: { "content-type": "application/json" }, body: JSON.stringify(pod) });
    const bare = { kind: "Pod", apiVersion: "v1", metadata: { name: "web" } };
    expect(events).toMatchObject([{ stage: "RequestReceived" }, { stage: "ResponseComplete" }]);
    expect(events[1]).toEqual({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "RequestResponse",
      auditID: "id-1",
      stage: "ResponseComplete",
      requestURI: `${path}?dryRun=All`,
      verb: "create",
      user: { username: "ann", groups: ["system:authenticated"] },
      sourceIPs: ["10.0.0.9", "127.0.0.1"],
      userAgent: "kubectl",
      objectRef: { resource: "pods", namespace: "shop", name: "web", apiVersion: "v1" },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: bare,
      responseObject: bare,
      requestReceivedTimestamp: "1970-01-01T00:00:00.000000Z",
      stageTimestamp: "1970-01-01T00:00:00.000000Z",
      annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "because" },
    });
  });

  test("a refusal says why, at every level", () => {
    const { log, events } = logOf("[{level: Metadata, omitStages: [RequestReceived]}]");
    const record = log.begin({ request: requestOf("GET", path), info: infoOf("GET", path), user, auditId: "id-2" });
    record?.decided({ decision: "no-opinion", reason: "" });
    const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: "no", reason: "Forbidden", code: 403 };
    record?.answered({ code: 403, headers: { "content-type": "application/json" }, body: JSON.stringify(status) });
    expect(events).toMatchObject([
      {
        responseStatus: { metadata: {}, status: "Failure", message: "no", reason: "Forbidden", code: 403 },
        annotations: { "authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": "" },
      },
    ]);
    expect(events[0]).not.toHaveProperty("responseObject");
  });

  test("a watch is written down when it starts and when it ends", () => {
    const { log, events } = logOf("[{level: Metadata}]");
    const record = log.begin({ request: requestOf("GET", path), info: infoOf("GET", path, "watch=1"), user, auditId: "id-3" });
    let sink: Sink | undefined;
    const answer = record?.answered({ code: 200, headers: {}, body: { start: (given) => void (sink = given), cancel: () => {} } });
    const { body } = answer ?? {};
    if (typeof body === "object" && "start" in body) body.start({ write: () => true, drained: () => Promise.resolve(), end: () => {} });
    expect(events.map(({ stage }) => stage)).toEqual(["RequestReceived", "ResponseStarted"]);
    sink?.end();
    sink?.end();
    expect(events.map(({ stage }) => stage)).toEqual(["RequestReceived", "ResponseStarted", "ResponseComplete"]);
  });

  test("who cannot be made out leaves one event", () => {
    const { log, events } = logOf("[{level: Metadata}]");
    log.begin({ request: requestOf("GET", path), info: infoOf("GET", path), auditId: "id-4" })?.unauthenticated(401);
    expect(events).toMatchObject([
      { stage: "ResponseStarted", user: {}, responseStatus: { code: 401, message: "Authentication failed, no credentials provided" } },
    ]);
  });
});
