import { apiVersionOf } from "../../apimachinery/meta/types.ts";
import type { ServedResource, ServedSubresource } from "../discovery/served-resource.ts";
import { metaSchema } from "./documents.ts";
import { connectionParameters, logParameters, parametersOf, type QueryParameter } from "./parameters.ts";

export type Method = "get" | "put" | "post" | "delete" | "patch" | "head" | "options";

/** One thing that can be asked of a path, with nothing yet of how OpenAPI 2 or 3 writes it. */
export interface ApiOperation {
  readonly path: string;
  readonly method: Method;
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly groupVersionKind: { readonly group: string; readonly kind: string; readonly version: string };
  /** The kind that the path is about. */
  readonly kind: string;
  readonly parameters: readonly QueryParameter[];
  readonly body?: string;
  /** Code → schema; absent for what is no object. */
  readonly answers: Readonly<Record<number, string | undefined>>;
}

/** The full name of a kind's schema, as documents refer to it. */
export type SchemaNameOf = (group: string, version: string, kind: string) => string;

/** Every operation on a resource and its subresources. */
export const operationsOf = (resource: ServedResource, listKind: string, nameOf: SchemaNameOf): readonly ApiOperation[] => {
  const prefix = `/${resource.group === "" ? "api" : "apis"}/${apiVersionOf(resource)}`;
  const place = resource.namespaced ? "/namespaces/{namespace}" : "";
  const collection = `${prefix}${place}/${resource.resource}`;
  const one = `${collection}/{name}`;
  const can = (verb: string): boolean => resource.verbs.includes(verb);
  const naming = namingOf(resource);
  const schema = nameOf(resource.group, resource.version, resource.kind);
  const list = nameOf(resource.group, resource.version, listKind);
  const status = metaSchema("Status");
  const about = {
    tag: naming.tag,
    groupVersionKind: { group: resource.group, kind: resource.kind, version: resource.version },
    kind: resource.kind,
  };
  const operation = (
    path: string,
    method: Method,
    action: string,
    id: string,
    description: string,
    rest: Pick<ApiOperation, "answers"> & Partial<ApiOperation>,
  ): ApiOperation => ({
    ...about,
    path,
    method,
    action,
    id,
    description,
    parameters: parametersOf[action] ?? [],
    ...rest,
  });
  const found: ApiOperation[] = [];
  const { kind } = resource;
  const scoped = naming.scope;
  if (can("list"))
    found.push(
      operation(collection, "get", "list", `list${naming.version}${scoped}${kind}`, `list or watch objects of kind ${kind}`, {
        answers: { 200: list },
      }),
    );
  if (can("create"))
    found.push(
      operation(collection, "post", "post", `create${naming.version}${scoped}${kind}`, `create ${article(kind)} ${kind}`, {
        body: schema,
        answers: { 200: schema, 201: schema, 202: schema },
      }),
    );
  if (can("deletecollection"))
    found.push(
      operation(
        collection,
        "delete",
        "deletecollection",
        `delete${naming.version}Collection${scoped}${kind}`,
        `delete collection of ${kind}`,
        { body: metaSchema("DeleteOptions"), answers: { 200: status } },
      ),
    );
  if (can("get"))
    found.push(
      operation(one, "get", "get", `read${naming.version}${scoped}${kind}`, `read the specified ${kind}`, { answers: { 200: schema } }),
    );
  if (can("update"))
    found.push(
      operation(one, "put", "put", `replace${naming.version}${scoped}${kind}`, `replace the specified ${kind}`, {
        body: schema,
        answers: { 200: schema, 201: schema },
      }),
    );
  if (can("delete"))
    found.push(
      operation(one, "delete", "delete", `delete${naming.version}${scoped}${kind}`, `delete ${article(kind)} ${kind}`, {
        body: metaSchema("DeleteOptions"),
        answers: { 200: status, 202: status },
      }),
    );
  if (can("patch"))
    found.push(
      operation(one, "patch", "patch", `patch${naming.version}${scoped}${kind}`, `partially update the specified ${kind}`, {
        body: metaSchema("Patch"),
        answers: { 200: schema, 201: schema },
      }),
    );
  if (resource.namespaced && can("list"))
    found.push(
      operation(
        `${prefix}/${resource.resource}`,
        "get",
        "list",
        `list${naming.version}${kind}ForAllNamespaces`,
        `list or watch objects of kind ${kind}`,
        { answers: { 200: list } },
      ),
    );
  if (can("watch")) {
    const event = { answers: { 200: metaSchema("WatchEvent") } };
    const watchOf = (path: string): string => path.replace(prefix, `${prefix}/watch`);
    found.push(
      operation(
        watchOf(collection),
        "get",
        "watchlist",
        `watch${naming.version}${scoped}${kind}List`,
        `watch individual changes to a list of ${kind}. deprecated: use the 'watch' parameter with a list operation instead.`,
        event,
      ),
    );
    found.push(
      operation(
        watchOf(one),
        "get",
        "watch",
        `watch${naming.version}${scoped}${kind}`,
        `watch changes to an object of kind ${kind}. deprecated: use the 'watch' parameter with a list operation instead, filtered to a single item with the 'fieldSelector' parameter.`,
        event,
      ),
    );
    if (resource.namespaced)
      found.push(
        operation(
          `${prefix}/watch/${resource.resource}`,
          "get",
          "watchlist",
          `watch${naming.version}${kind}ListForAllNamespaces`,
          `watch individual changes to a list of ${kind}. deprecated: use the 'watch' parameter with a list operation instead.`,
          event,
        ),
      );
  }
  for (const subresource of resource.subresources) found.push(...subresourceOperations(resource, subresource, one, naming, nameOf));
  return found;
};

interface Naming {
  /** `AppsV1` */
  readonly version: string;
  /** `apps_v1` */
  readonly tag: string;
  readonly scope: "Namespaced" | "";
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const article = (kind: string): string => (/^[AEIOU]/.test(kind) ? "an" : "a");

const namingOf = ({ group, version, namespaced }: ServedResource): Naming => {
  const words = (group === "" ? "core" : group.replace(/\.k8s\.io$/, "")).split(/[.-]/).map(capitalized).join("");
  return {
    version: words + capitalized(version),
    tag: `${words.charAt(0).toLowerCase()}${words.slice(1)}_${version}`,
    scope: namespaced ? "Namespaced" : "",
  };
};

const writing: Readonly<
  Record<string, { readonly method: Method; readonly word: string; readonly description: string; readonly codes: readonly number[] }>
> = {
  get: { method: "get", word: "read", description: "read", codes: [200] },
  update: { method: "put", word: "replace", description: "replace", codes: [200, 201] },
  patch: { method: "patch", word: "patch", description: "partially update", codes: [200, 201] },
  create: { method: "post", word: "create", description: "create", codes: [200, 201, 202] },
};

const actions: Readonly<Record<string, string>> = { get: "get", update: "put", patch: "patch", create: "post" };
const connectMethods: Readonly<Record<string, Method>> = { get: "get", create: "post", update: "put", patch: "patch", delete: "delete" };

const subresourceOperations = (
  resource: ServedResource,
  subresource: ServedSubresource,
  one: string,
  naming: Naming,
  nameOf: SchemaNameOf,
): readonly ApiOperation[] => {
  const { name, kind, verbs, group = resource.group, version = resource.version } = subresource;
  const path = `${one}/${name}`;
  const suffix = `${naming.scope}${resource.kind}${capitalized(name)}`;
  const about = { path, tag: naming.tag, groupVersionKind: { group, kind, version }, kind };
  const connection = connectionParameters[kind];
  return verbs.flatMap((verb): readonly ApiOperation[] => {
    if (connection !== undefined) {
      const method = connectMethods[verb];
      if (method === undefined) return [];
      const description = `connect ${method.toUpperCase()} requests to ${name} of ${resource.kind}`;
      return [
        {
          ...about,
          method,
          action: "connect",
          id: `connect${naming.version}${capitalized(method)}${suffix}`,
          description,
          parameters: connection,
          answers: { 200: undefined },
        },
      ];
    }
    const write = writing[verb];
    if (write === undefined) return [];
    const schema = name === "log" ? undefined : nameOf(group, version, kind);
    const body = verb === "get" ? undefined : verb === "patch" ? metaSchema("Patch") : schema;
    return [
      {
        ...about,
        method: write.method,
        action: actions[verb]!,
        id: `${write.word}${naming.version}${suffix}`,
        description:
          verb === "create"
            ? `create ${name} of ${article(resource.kind)} ${resource.kind}`
            : `${write.description} ${name} of the specified ${resource.kind}`,
        parameters: name === "log" ? logParameters : (parametersOf[actions[verb]!] ?? []),
        ...(body !== undefined && { body }),
        answers: Object.fromEntries(write.codes.map((code) => [code, schema])),
      },
    ];
  });
};
