import { describe, expect, test } from "vitest";
import { StatusError } from "../../apimachinery/errors/status.ts";
import type { WatchEvent, WatchStream } from "../../apimachinery/operation/operation.ts";
import type { ServedResource } from "../discovery/served-resource.ts";
import type { HttpRequest } from "./http.ts";
import { listBytes } from "./list-bytes.ts";
import { parseAccept } from "./media-types.ts";
import { negotiateOutput } from "./negotiation.ts";
import { queryOptions } from "./query-options.ts";
import { requestInfoOf } from "./request-info.ts";
import { routeOf } from "./routes.ts";
import { warningHeaders } from "./warnings.ts";
import { watchBody } from "./watch-body.ts";

const infoOf = (method: string, target: string) => {
  const [path = "", query = ""] = target.split("?");
  return requestInfoOf(method, path, new URLSearchParams(query));
};

test.each<[string, string, object]>([
  ["GET", "/healthz", { isResource: false, verb: "get" }],
  ["POST", "/apis/apps", { isResource: false, verb: "post" }],
  ["GET", "/api/v1", { isResource: false }],
  ["GET", "/api/v1/pods", { verb: "list", group: "", version: "v1", resource: "pods", namespace: "" }],
  ["GET", "/api/v1/pods?watch=1", { verb: "watch" }],
  ["GET", "/api/v1/pods?watch=false", { verb: "list" }],
  [
    "GET",
    "/apis/apps/v1/namespaces/shop/deployments/web",
    { verb: "get", group: "apps", namespace: "shop", resource: "deployments", name: "web" },
  ],
  ["PUT", "/apis/apps/v1/namespaces/shop/deployments/web/status", { verb: "update", subresource: "status", name: "web" }],
  ["DELETE", "/api/v1/namespaces/shop/pods", { verb: "deletecollection", resource: "pods" }],
  ["GET", "/api/v1/namespaces/shop", { verb: "get", resource: "namespaces", name: "shop", namespace: "shop" }],
  ["PUT", "/api/v1/namespaces/shop/finalize", { resource: "namespaces", subresource: "finalize" }],
  ["GET", "/api/v1/watch/namespaces/shop/pods/web", { verb: "watch", name: "web", watchPath: true }],
  ["GET", "/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb", { verb: "list", name: "web" }],
  ["POST", "/api/v1/namespaces/shop/pods/web/exec?command=ls", { verb: "create", subresource: "exec" }],
])("%s %s is understood as upstream does", (method, target, expected) => expect(infoOf(method, target)).toMatchObject(expected));

describe("routes", () => {
  const resource = (over: Partial<ServedResource>): ServedResource => ({
    ...{
      group: "",
      version: "v1",
      resource: "pods",
      kind: "Pod",
      singular: "pod",
      shortNames: [],
      categories: [],
      namespaced: true,
      custom: false,
    },
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    subresources: [
      { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
      { name: "proxy", kind: "PodProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
      { name: "status", kind: "Pod", verbs: ["get", "patch", "update"] },
    ],
    ...over,
  });
  const all = [
    resource({}),
    resource({ resource: "nodes", kind: "Node", namespaced: false }),
    resource({ group: "test.example", resource: "boats", kind: "Boat", custom: true, subresources: [] }),
  ];
  const served = {
    find: (group: string, version: string, name: string) =>
      all.find((each) => each.group === group && each.version === version && each.resource === name),
    isBuiltInGroup: (group: string) => group === "",
  };
  const routed = (method: string, target: string) => routeOf(infoOf(method, target), method, served as never);

  test.each([
    ["GET", "/api/v1/pods", "resource"],
    ["POST", "/api/v1/pods", "method-not-allowed"],
    ["GET", "/api/v1/pods/web", "not-found"],
    ["GET", "/api/v1/namespaces/shop/pods/web", "resource"],
    ["PUT", "/api/v1/namespaces/shop/pods", "method-not-allowed"],
    ["HEAD", "/api/v1/namespaces/shop/pods/web", "method-not-allowed"],
    ["PATCH", "/api/v1/namespaces/shop/pods/web/status", "subresource"],
    ["POST", "/api/v1/namespaces/shop/pods/web/status", "method-not-allowed"],
    ["GET", "/api/v1/namespaces/shop/pods/web/nope", "not-found"],
    ["POST", "/api/v1/namespaces/shop/pods/web/exec", "connect"],
    ["PUT", "/api/v1/namespaces/shop/pods/web/exec", "method-not-allowed"],
    ["OPTIONS", "/api/v1/namespaces/shop/pods/web/proxy/a/b", "connect"],
    ["GET", "/api/v1/namespaces/shop/nodes", "not-found"],
    ["GET", "/api/v1/nodes/ann", "resource"],
    ["GET", "/api/v1/watch/namespaces/shop/pods", "resource"],
    ["GET", "/api/v1/namespaces/__proto__/constructor", "not-found"],
  ])("%s %s leads to %s", (method, target, kind) => expect(routed(method, target).kind).toBe(kind));

  test("what is missing is told in the voice of who would have served it", () => {
    expect(routed("GET", "/api/v1/gadgets")).toEqual({ kind: "not-found", voice: "status" });
    expect(routed("GET", "/apis/nope.test/v1/gadgets")).toEqual({ kind: "not-found", voice: "mux" });
    expect(routed("GET", "/apis/test.example/v1/boats/x")).toEqual({ kind: "not-found", voice: "mux" });
  });
});

describe("negotiation", () => {
  const request = (accept: string, query = ""): HttpRequest => ({ headers: { accept }, query: new URLSearchParams(query) }) as never;

  test("the most wanted type comes first", () => {
    expect(parseAccept("application/json;q=0.5, application/yaml").map(({ subtype }) => subtype)).toEqual(["yaml", "json"]);
  });

  test.each([
    ["", "json"],
    ["*/*", "json"],
    ["application/yaml", "yaml"],
    ["application/json;q=0.5, application/yaml", "yaml"],
    ["text/plain, */*;q=0.1", "json"],
    ["application/vnd.kubernetes.protobuf,application/json", "protobuf"],
  ])("%j is answered as %s", (accept, encoding) => expect(negotiateOutput(request(accept)).encoding).toBe(encoding));

  test("a table is given to who asks for one in a version there is, and the next best to others", () => {
    expect(negotiateOutput(request("application/json;as=Table;v=v1;g=meta.k8s.io")).transform).toEqual({ kind: "Table", version: "v1" });
    expect(negotiateOutput(request("application/json;as=Table;v=v9;g=meta.k8s.io,application/json")).transform).toBeUndefined();
    expect(() => negotiateOutput(request("application/json;as=Table;v=v9;g=meta.k8s.io"))).toThrow(
      "only the following media types are accepted",
    );
  });

  test("people get indented JSON", () => {
    expect(negotiateOutput(request("application/json", "pretty=true")).pretty).toBe(true);
    expect(negotiateOutput(request("application/json;pretty=1")).pretty).toBe(true);
    expect(negotiateOutput(request("application/json", "pretty=0")).pretty).toBe(false);
  });
});

describe("query options", () => {
  const options = (query: string, ...verb: [Parameters<typeof queryOptions>[1], Parameters<typeof queryOptions>[2]?]) =>
    queryOptions(new URLSearchParams(query), ...verb);

  test.each([
    ["limit=x", "list", 'strconv.ParseInt: parsing "x": invalid syntax'],
    ["limit=99999999999999999999", "list", 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
    [
      "dryRun=Some",
      "create",
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
    ],
    [
      "fieldManager=a%0Ab",
      "update",
      'UpdateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)',
    ],
    [
      "propagationPolicy=Nope",
      "delete",
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Nope": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
  ] as const)("%s of a %s is refused", (query, verb, message) => expect(() => options(query, verb)).toThrow(message));

  test("an apply names its manager, and only an apply forces", () => {
    expect(() => options("", "patch", "apply")).toThrow("fieldManager: Required value: is required for apply patch");
    expect(() => options("force=true", "patch", "merge")).toThrow("force: Forbidden: may not be specified for non-apply patch");
    expect(options("fieldManager=me&force=1", "patch", "apply")).toEqual({ fieldManager: "me", force: true });
  });

  test("refusals are StatusErrors", () => expect(() => options("limit=x", "list")).toThrow(StatusError));
});

test("warnings are quoted, once each, and what a header cannot carry becomes a space", () => {
  expect(warningHeaders(['say "hi"', 'say "hi"', "two\nlines"])).toEqual({ warning: ['299 - "say \\"hi\\""', '299 - "two lines"'] });
});

test("a list is put together from the bytes its items are kept in", () => {
  const bytes = Buffer.from('{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}');
  const bare = '{"kind":"Pod","apiVersion":"v1",'.length;
  const list = { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "5" } };
  expect(JSON.parse(Buffer.from(listBytes(list, [{ object: {} as never, bytes, bare }])).toString())).toEqual({
    ...list,
    items: [{ metadata: { name: "a" } }],
  });
});

describe("a watch", () => {
  const event = (name: string): WatchEvent => ({
    type: "ADDED",
    stored: { object: { metadata: { name } }, bytes: Buffer.from(`{"metadata":{"name":"${name}"}}`) },
  });
  const opened = (signal: AbortSignal, writable: () => boolean) => {
    let receiver: Parameters<WatchStream["start"]>[0] | undefined;
    const written: string[] = [];
    const state = { stopped: false, ended: false };
    const stream: WatchStream = {
      start: (given) => void (receiver = given),
      stop: () => {
        state.stopped = true;
        receiver?.end();
      },
    };
    watchBody(stream, { signal }).start({
      write: (chunk) => written.push(Buffer.from(chunk).toString()) > 0 && writable(),
      drained: () => new Promise(() => {}),
      end: () => void (state.ended = true),
    });
    return { send: (each: WatchEvent) => receiver?.event(each), written, state };
  };

  test("is a line an event", () => {
    const { send, written } = opened(new AbortController().signal, () => true);
    send(event("a"));
    expect(written).toEqual(['{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n']);
  });

  test("ends when the client goes", () => {
    const gone = new AbortController();
    const { state } = opened(gone.signal, () => true);
    gone.abort();
    expect(state).toEqual({ stopped: true, ended: true });
  });

  test("is cut off when the client does not read", () => {
    const { send, written, state } = opened(new AbortController().signal, () => false);
    for (let count = 0; count <= 10_002; count++) send(event("a"));
    expect(written).toHaveLength(1);
    expect(state.stopped).toBe(true);
  });
});
