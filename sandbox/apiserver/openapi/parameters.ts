import type { Json, OpenApiVersion } from "./documents.ts";

interface Parameter {
  readonly type: "string" | "boolean" | "integer";
  readonly description: string;
}

/** Query parameters by name. Clients look some of them up: kubectl asks the server to check fields only where `fieldValidation` is among them. */
const queryParameters = {
  allowWatchBookmarks: { type: "boolean", description: "Ask for events of type BOOKMARK in a watch." },
  command: { type: "string", description: "The command and its arguments, not run in a shell." },
  container: { type: "string", description: "The container in which to act; the only one of the pod if there is one." },
  continue: { type: "string", description: "Where a list with a limit goes on, as the server said." },
  dryRun: { type: "string", description: "`All`: go through every stage, and store nothing." },
  fieldManager: { type: "string", description: "The name of who makes this change; at most 128 printable characters." },
  fieldSelector: { type: "string", description: "Only objects whose fields have these values." },
  fieldValidation: {
    type: "string",
    description: "What to do with fields that are unknown or there twice: Ignore, Warn (the default) or Strict.",
  },
  follow: { type: "boolean", description: "Go on with what is written from now on." },
  force: { type: "boolean", description: "Take over fields that others own; for apply patches only." },
  gracePeriodSeconds: { type: "integer", description: "Seconds before the object is deleted; zero deletes at once." },
  ignoreStoreReadErrorWithClusterBreakingPotential: {
    type: "boolean",
    description: "Delete the object even if what is stored of it cannot be read.",
  },
  insecureSkipTLSVerifyBackend: { type: "boolean", description: "Do not check the certificate of the node that has the logs." },
  labelSelector: { type: "string", description: "Only objects whose labels meet these requirements." },
  limit: { type: "integer", description: "At most so many objects in one answer; the rest follow by `continue`." },
  limitBytes: { type: "integer", description: "At most so many bytes of logs." },
  logpath: { type: "string", description: "The path of the log." },
  orphanDependents: { type: "boolean", description: "Deprecated: use propagationPolicy." },
  path: { type: "string", description: "The path to which the request is passed on." },
  ports: { type: "integer", description: "The ports to forward." },
  previous: { type: "boolean", description: "The logs of the container's previous run." },
  propagationPolicy: { type: "string", description: "What becomes of dependents: Orphan, Background or Foreground." },
  resourceVersion: { type: "string", description: "Which version of the data may be answered." },
  resourceVersionMatch: { type: "string", description: "How resourceVersion is meant: NotOlderThan or Exact." },
  sendInitialEvents: { type: "boolean", description: "Begin a watch with what is there, and a bookmark after it." },
  sinceSeconds: { type: "integer", description: "Logs of the last so many seconds." },
  sinceTime: { type: "string", description: "Logs from this time on." },
  stderr: { type: "boolean", description: "Pass on what is written to standard error." },
  stdin: { type: "boolean", description: "Pass on standard input." },
  stdout: { type: "boolean", description: "Pass on what is written to standard output." },
  stream: { type: "string", description: "Which stream of the logs: All, Stdout or Stderr." },
  tailLines: { type: "integer", description: "So many lines from the end of the logs." },
  timeoutSeconds: { type: "integer", description: "How long the request may last." },
  timestamps: { type: "boolean", description: "Put the time in front of each line." },
  tty: { type: "boolean", description: "With a terminal." },
  watch: { type: "boolean", description: "Answer changes as a stream." },
} as const satisfies Readonly<Record<string, Parameter>>;

export type QueryParameter = keyof typeof queryParameters;

const listParameters: readonly QueryParameter[] = [
  "allowWatchBookmarks",
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
];
const deletionParameters: readonly QueryParameter[] = [
  "dryRun",
  "gracePeriodSeconds",
  "ignoreStoreReadErrorWithClusterBreakingPotential",
  "orphanDependents",
  "propagationPolicy",
];

/** The query parameters of an action. */
export const parametersOf: Readonly<Record<string, readonly QueryParameter[]>> = {
  get: [],
  list: listParameters,
  watch: listParameters,
  watchlist: listParameters,
  post: ["dryRun", "fieldManager", "fieldValidation"],
  put: ["dryRun", "fieldManager", "fieldValidation"],
  patch: ["dryRun", "fieldManager", "fieldValidation", "force"],
  delete: deletionParameters,
  deletecollection: [...deletionParameters, ...listParameters.filter((name) => name !== "watch" && name !== "allowWatchBookmarks")],
};

/** What connections and logs take, by the kind of their options. */
export const connectionParameters: Readonly<Record<string, readonly QueryParameter[]>> = {
  PodAttachOptions: ["container", "stderr", "stdin", "stdout", "tty"],
  PodExecOptions: ["command", "container", "stderr", "stdin", "stdout", "tty"],
  PodPortForwardOptions: ["ports"],
  PodProxyOptions: ["path"],
  ServiceProxyOptions: ["path"],
  NodeProxyOptions: ["path"],
};

export const logParameters: readonly QueryParameter[] = [
  "container",
  "follow",
  "insecureSkipTLSVerifyBackend",
  "limitBytes",
  "previous",
  "sinceSeconds",
  "stream",
  "tailLines",
  "timestamps",
];

const parameter = (name: string, where: "query" | "path", { type, description }: Parameter, version: OpenApiVersion): Json => {
  const schema = { type, uniqueItems: true };
  return { name, in: where, description, ...(where === "path" && { required: true }), ...(version === 3 ? { schema } : schema) };
};

export const queryParameter = (name: QueryParameter, version: OpenApiVersion): Json =>
  parameter(name, "query", queryParameters[name], version);

/** The placeholders of a path, and `pretty`, which every path takes. */
export const pathParameters = (path: string, kind: string, version: OpenApiVersion): readonly Json[] => {
  const descriptions: Readonly<Record<string, string>> = {
    name: `name of the ${kind}`,
    namespace: "object name and auth scope, such as for teams and projects",
    path: "path to the resource",
  };
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).toSorted();
  return [
    ...names.map((name) => parameter(name, "path", { type: "string", description: descriptions[name] ?? name }, version)),
    parameter("pretty", "query", { type: "string", description: "`true`: indent the answer." }, version),
  ];
};
