import type { BuiltInResource, BuiltInSubresource, VersionPack } from "../../sandbox/api/pack/version-pack.ts";
import { exampleObject } from "../../sandbox/apimachinery/schema/example-object.ts";
import type { Random } from "../../sandbox/base/random/random.ts";
import { bodyOf } from "./bodies.ts";
import type { FuzzRequest } from "./request.ts";
import { seedOf } from "./seeds.ts";
import { mutated, nasty, nastyText, oneOf } from "./values.ts";

/** Where requests come from: the resources of a release, what exists in the cluster, and chance. */
export interface Source {
  readonly pack: VersionPack;
  readonly random: Random;
  /** An object as it is stored now, if there is any. */
  readonly existing: (group: string, resource: string) => Readonly<Record<string, unknown>> | undefined;
}

const widgets: BuiltInResource = {
  group: "fuzz.test",
  version: "v1",
  resource: "widgets",
  kind: "Widget",
  singular: "widget",
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: [],
  preferred: true,
  fieldSelectors: ["spec.name"],
  subresources: [
    { name: "status", kind: "Widget", kindGroup: "fuzz.test", kindVersion: "v1", verbs: [] },
    { name: "scale", kind: "Scale", kindGroup: "autoscaling", kindVersion: "v1", verbs: [] },
  ],
};

export const randomRequest = (source: Source): FuzzRequest => {
  const { pack, random } = source;
  if (random.next() < 0.06) return besides(random);
  const resource = random.next() < 0.06 ? widgets : oneOf(pack.resources, random);
  const asked = resourceRequest(source, resource);
  return random.next() < 0.04 ? { ...asked, target: twisted(asked.target, random) } : asked;
};

const resourceRequest = (source: Source, resource: BuiltInResource): FuzzRequest => {
  const { random, pack } = source;
  const existing = random.next() < 0.6 ? source.existing(resource.group, resource.resource) : undefined;
  const metadata = existing?.["metadata"] as { name: string; namespace?: string } | undefined;
  const namespace =
    metadata?.namespace ?? oneOf(["default", "default", "default", "kube-system", "shop", escaped(nastyText(random))], random);
  const name = metadata?.name ?? oneOf(["a", "b", escaped(nastyText(random))], random);
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const collection = `${root}${resource.namespaced && random.next() < 0.95 ? `/namespaces/${namespace}` : ""}/${resource.resource}`;
  const subresource =
    resource.subresources.length > 0 && random.next() < (resource.verbs.length === 0 ? 0.7 : 0.25)
      ? oneOf(resource.subresources, random)
      : undefined;
  const one = `${collection}/${name}${subresource ? `/${subresource.name}` : ""}`;
  const verb = oneOf(
    ["create", "create", "create", "update", "update", "patch", "patch", "patch", "get", "list", "watch", "delete", "deletecollection"],
    random,
  );
  const headers = { accept: accept(random), ...(random.next() < 0.1 && { "user-agent": nastyText(random) }) };
  const write = (method: string, path: string, object: unknown, patchType?: string): FuzzRequest => {
    const { type, bytes, encoding } = bodyOf(object, pack, random);
    return {
      method,
      target: path + query(random, [...writeOptions]),
      headers: { ...headers, "content-type": patchType ?? type, ...(encoding && { "content-encoding": encoding }) },
      body: bytes,
    };
  };
  switch (verb) {
    case "create":
      return write("POST", subresource ? one : collection, bodyObject(source, resource, subresource, undefined));
    case "update":
      return write("PUT", one, bodyObject(source, resource, subresource, existing));
    case "patch": {
      const type = oneOf(
        ["json-patch+json", "merge-patch+json", "strategic-merge-patch+json", "apply-patch+yaml", "apply-patch+cbor"],
        random,
      );
      const body =
        type === "json-patch+json" ? jsonPatch(random, existing) : partial(bodyObject(source, resource, subresource, existing), random);
      return write("PATCH", one, body, `application/${type}`);
    }
    case "delete":
    case "deletecollection":
      return write("DELETE", verb === "delete" ? one : collection, random.next() < 0.5 ? deleteOptions(random) : {});
    default:
      return {
        method: random.next() < 0.05 ? oneOf(["HEAD", "OPTIONS", "CONNECT", "TRACE", "get", ""], random) : "GET",
        target:
          (verb === "get" ? one : collection) +
          query(random, [...readOptions, ...(verb === "watch" ? ["watch=1", "timeoutSeconds=1"] : [])], verb === "watch"),
        headers,
        body: new Uint8Array(),
      };
  }
};

/** What a client would send, mostly with a few things wrong. */
const bodyObject = (
  { pack, random }: Source,
  resource: BuiltInResource,
  subresource: BuiltInSubresource | undefined,
  existing: Readonly<Record<string, unknown>> | undefined,
): unknown => {
  const own = subresource === undefined || subresource.kind === resource.kind;
  const [group, version, kind] = own
    ? [resource.group, resource.version, resource.kind]
    : [subresource.kindGroup, subresource.kindVersion, subresource.kind];
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const schema = pack.schemaOf(apiVersion, kind);
  const seed = own && existing ? existing : random.next() < 0.75 ? seedOf(apiVersion, kind) : undefined;
  const base = seed ?? { ...(schema ? exampleObject(schema, random) : {}), apiVersion, kind };
  const name = kind === "CustomResourceDefinition" && !existing ? {} : { name: existing ? undefined : `n${String(random.integer(30))}` };
  const metadata = random.next() < 0.9 && !existing ? { ...(seed?.["metadata"] as object | undefined), ...name } : base["metadata"];
  const changes = oneOf([0, 1, 1, 1, 2, 3], random);
  return mutated({ ...base, ...(metadata !== undefined && { metadata }) }, changes, random);
};

/** Some members of an object: what a patch says. */
const partial = (value: unknown, random: Random, depth = 0): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > 4) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(() => random.next() < 0.8)
      .map(([name, item]) => [name, random.next() < 0.03 ? null : partial(item, random, depth + 1)]),
  );
};

const jsonPatch = (random: Random, existing: object | undefined): unknown => {
  const pointers = [
    "",
    "/",
    "/metadata/labels",
    "/metadata/labels/a",
    "/metadata/annotations/a~1b",
    "/spec",
    "/spec/replicas",
    "/spec/ports/0",
    "/spec/ports/-",
    "/status",
    "/metadata/name",
    "/metadata/uid",
    "/__proto__/polluted",
    "/constructor/prototype/polluted",
    "/spec/template/spec/containers/0/image",
    "/spec/containers/99999999999",
    "/metadata/finalizers/-1",
    "/kind",
    "/~2",
    "a",
    ...Object.keys(existing ?? {}).map((name) => `/${name}`),
  ];
  const pointer = (): unknown => (random.next() < 0.05 ? nasty(random) : oneOf(pointers, random));
  const step = (): unknown => ({
    op: oneOf(["add", "remove", "replace", "move", "copy", "test", "nothing"], random),
    path: pointer(),
    ...(random.next() < 0.4 && { from: pointer() }),
    ...(random.next() < 0.8 && { value: nasty(random) }),
  });
  return random.next() < 0.05 ? nasty(random) : Array.from({ length: random.integer(4) }, step);
};

const deleteOptions = (random: Random): unknown =>
  mutated(
    {
      apiVersion: "v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      propagationPolicy: oneOf(["Background", "Foreground", "Orphan", "x"], random),
      preconditions: { uid: "a", resourceVersion: "1" },
      dryRun: ["All"],
    },
    random.integer(3),
    random,
  );

const tables = "as=Table;v=v1;g=meta.k8s.io";
const accepts = [
  "*/*",
  "application/json",
  "application/json",
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
  `application/json;${tables}`,
  `application/json;${tables},application/json`,
  "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
  "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
  `application/vnd.kubernetes.protobuf;${tables}`,
  "application/json;as=__proto__;v=constructor;g=",
  "text/html",
  ",,,;;;q=",
  "application/cbor",
];
const accept = (random: Random): string =>
  random.next() < 0.6 ? "application/json" : random.next() < 0.05 ? nastyText(random) : oneOf(accepts, random);

const writeOptions = [
  "dryRun=All",
  "dryRun=",
  "fieldManager=me",
  "fieldManager=",
  "fieldValidation=Strict",
  "fieldValidation=x",
  "force=true",
  "force=x",
  "pretty=true",
  "gracePeriodSeconds=0",
  "gracePeriodSeconds=-1",
  "propagationPolicy=Orphan",
  "orphanDependents=true",
  "fieldManager=me&force=true",
];
const readOptions = [
  "limit=1",
  "limit=-1",
  "limit=99999999999999999999",
  "continue=abc",
  "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiLi4vLi4ifQ",
  "resourceVersion=0",
  "resourceVersion=1",
  "resourceVersion=999999999",
  "resourceVersion=-1",
  "resourceVersion=abc",
  "resourceVersionMatch=Exact",
  "resourceVersionMatch=NotOlderThan",
  "sendInitialEvents=true",
  "allowWatchBookmarks=true",
  "timeoutSeconds=0",
  "timeoutSeconds=-5",
  "labelSelector=app%3Dweb",
  "labelSelector=a+in+(",
  "labelSelector=!a%2Cb+notin+(c)",
  "fieldSelector=metadata.name%3Da",
  "fieldSelector=spec.x%3D%5C",
  "fieldSelector=__proto__%3D1",
  "includeObject=None",
  "includeObject=x",
  "pretty=1",
  "tailLines=-1",
  "follow=true&container=x",
];

const query = (random: Random, options: readonly string[], always = false): string => {
  const chosen = Array.from({ length: random.next() < 0.5 && !always ? 0 : random.integer(4) }, () => oneOf(options, random));
  if (always) chosen.push("watch=true");
  if (random.next() < 0.05)
    chosen.push(
      `${oneOf(["labelSelector", "fieldSelector", "continue", "resourceVersion", "limit", "fieldManager"], random)}=${escaped(nastyText(random))}`,
    );
  return chosen.length === 0 ? "" : `?${chosen.join("&")}`;
};

const escaped = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("%2F", "/");

/** Paths that hope to be another one. */
const twisted = (target: string, random: Random): string => {
  const at = random.integer(target.length);
  return `${target.slice(0, at)}${oneOf(["/../", "/./", "//", "%2e%2e/", "%2f", "%00", "%", "%zz", "%c0%ae", "\\", ";a=b", "/".repeat(1000), "a".repeat(70_000)], random)}${target.slice(at)}`;
};

const paths = [
  "/",
  "/api",
  "/apis",
  "/api/v1",
  "/apis/apps",
  "/apis/apps/v1",
  "/apis/__proto__/v1",
  "/apis/constructor/v1/toString",
  "/api/v1/watch/pods",
  "/api/v1/watch/namespaces/default/pods/a",
  "/openapi/v2",
  "/openapi/v3",
  "/openapi/v3/apis/apps/v1",
  "/openapi/v3/__proto__",
  "/version",
  "/healthz",
  "/livez",
  "/readyz?verbose",
  "/readyz/nothing",
  "/metrics",
  "/.well-known/openid-configuration",
  "/openid/v1/jwks",
  "/logs",
  "/debug/pprof",
  "/apis/drydock.dev/v1alpha1",
  "/apis/drydock.dev/v1alpha1/clock",
  "/apis/drydock.dev/v1alpha1/causes/a",
  "/apis/drydock.dev/v1alpha1/nothing",
  "/api/v1/namespaces/default/pods/a/exec?command=ls",
  "/api/v1/namespaces/default/pods/a/portforward",
  "/api/v1/namespaces/default/services/a:b:c/proxy/../..",
  "/api/v1/nodes/a/proxy/x",
];

const besides = (random: Random): FuzzRequest => {
  const target = oneOf(paths, random);
  return {
    method: target.includes("drydock.dev") ? "GET" : oneOf(["GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"], random),
    target: random.next() < 0.2 ? twisted(target, random) : target,
    headers: {
      accept: accept(random),
      ...(random.next() < 0.1 && {
        authorization: oneOf(["Bearer ", "Bearer a.b.c", "Basic x", "Bearer eyJhbGciOiJub25lIn0.e30.", nastyText(random)], random),
      }),
      ...(random.next() < 0.1 && { "impersonate-user": nastyText(random) }),
      ...(random.next() < 0.05 && { "impersonate-group": nastyText(random) }),
    },
    body: random.next() < 0.3 ? Buffer.from("{}") : new Uint8Array(),
  };
};
