import { pageNotFound, text, type HttpRequest, type HttpResponse } from "./http.ts";

/** One check of `/healthz`, `/livez` or `/readyz`: says what is wrong, or nothing. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => string | undefined;
}

export interface HealthChecks {
  readonly healthz: readonly HealthCheck[];
  readonly livez: readonly HealthCheck[];
  readonly readyz: readonly HealthCheck[];
}

/** What upstream does once after it has started, in the order in which it reports it. */
const startHooks = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  "rbac/bootstrap-roles",
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "aggregator-reload-proxy-client-cert",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-wait-for-first-sync",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
];
const lateHooks = ["apiservice-openapi-controller", "apiservice-openapiv3-controller"];

/** The API server's checks. `started` is true once everything that a start does is done, `ending` once it has been told to stop. */
export const healthChecks = (state: { readonly started: () => boolean; readonly ending: () => boolean }): HealthChecks => {
  const fine = (name: string): HealthCheck => ({ name, check: () => undefined });
  const afterStart = (name: string): HealthCheck => ({ name, check: () => (state.started() ? undefined : "not finished") });
  const hooks = [
    ...startHooks.map((hook) => afterStart(`poststarthook/${hook}`)),
    afterStart("autoregister-completion"),
    ...lateHooks.map((hook) => afterStart(`poststarthook/${hook}`)),
  ];
  const alive = [fine("ping"), fine("log"), fine("etcd"), ...hooks];
  const shutdown: HealthCheck = { name: "shutdown", check: () => (state.ending() ? "process is shutting down" : undefined) };
  return { healthz: alive, livez: alive, readyz: [fine("ping"), fine("log"), afterStart("informer-sync"), ...hooks, shutdown] };
};

/** All checks at once (`?verbose`, `?exclude=NAME`), or the one that follows the slash. */
export const answerHealth = (root: keyof HealthChecks, rest: string, { query }: HttpRequest, checks: HealthChecks): HttpResponse => {
  if (rest !== "") {
    const found = checks[root].find(({ name }) => name === rest);
    if (!found) return pageNotFound();
    const wrong = found.check();
    return wrong === undefined ? text(200, "ok") : text(500, `internal server error: ${wrong}\n`);
  }
  const excluded = new Set(query.getAll("exclude").flatMap((value) => value.split(",")));
  const lines: string[] = [];
  let failed = false;
  for (const { name, check } of checks[root]) {
    if (excluded.delete(name)) {
      lines.push(`[+]${name} excluded: ok\n`);
      continue;
    }
    const wrong = check();
    if (wrong !== undefined) failed = true;
    lines.push(wrong === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`);
  }
  if (excluded.size > 0)
    lines.push(
      `warn: some health checks cannot be excluded: no matches for ${[...excluded]
        .sort()
        .map((name) => JSON.stringify(name))
        .join(", ")}\n`,
    );
  if (failed) return text(500, `${lines.join("")}${root} check failed\n`);
  return text(200, query.has("verbose") ? `${lines.join("")}${root} check passed\n` : "ok");
};
