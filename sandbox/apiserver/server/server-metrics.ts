import type { Metrics } from "../../base/metrics/metrics.ts";
import type { RequestInfo } from "./request-info.ts";

const seconds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

/** Counts requests under upstream's names. */
export interface RequestMetrics {
  begin(info: RequestInfo, method: string): (code: number, contentType: string, durationSeconds: number) => void;
}

export const requestMetrics = (metrics: Metrics): RequestMetrics => {
  const labels = ["verb", "group", "version", "resource", "subresource", "scope"] as const;
  const total = metrics.counter(
    "apiserver_request_total",
    "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
    ...labels,
    "code",
  );
  const duration = metrics.histogram(
    "apiserver_request_duration_seconds",
    "Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.",
    seconds,
    ...labels,
  );
  const inflight = metrics.gauge(
    "apiserver_current_inflight_requests",
    "Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
    "request_kind",
  );
  const watches = metrics.gauge(
    "apiserver_longrunning_requests",
    "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component.",
    ...labels,
  );
  return {
    begin(info, method) {
      const values = [verbLabel(info, method), info.group, info.version, info.resource, info.subresource, scopeOf(info)];
      const kind = ["GET", "HEAD"].includes(method) ? "readOnly" : "mutating";
      const gauge = info.verb === "watch" ? watches : inflight;
      const gaugeLabels = info.verb === "watch" ? values : [kind];
      gauge.add(1, gaugeLabels);
      return (code, _contentType, durationSeconds) => {
        gauge.add(-1, gaugeLabels);
        total.increment([...values, code]);
        if (info.verb !== "watch") duration.observe(durationSeconds, values);
      };
    },
  };
};

const verbLabel = ({ verb, isResource }: RequestInfo, method: string): string => {
  if (isResource && ["list", "watch", "deletecollection"].includes(verb)) return verb.toUpperCase();
  return method;
};

const scopeOf = ({ isResource, name, namespace }: RequestInfo): string => {
  if (!isResource) return "";
  if (name !== "") return "resource";
  return namespace === "" ? "cluster" : "namespace";
};
