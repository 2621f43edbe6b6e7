import { expect, test } from "vitest";
import { Metrics } from "./metrics.ts";

test("a metric is exposed in Prometheus' text format, one line a series", () => {
  const metrics = new Metrics();
  const requests = metrics.counter("apiserver_request_total", "Requests.", "verb", "code");
  requests.increment(["GET", 200]);
  requests.increment(["GET", 200]);
  metrics.gauge("workqueue_depth", "Depth.", "name").set(3, ['a"b']);
  expect(metrics.expose()).toBe(
    [
      "# HELP apiserver_request_total Requests.",
      "# TYPE apiserver_request_total counter",
      'apiserver_request_total{verb="GET",code="200"} 2',
      "# HELP workqueue_depth Depth.",
      "# TYPE workqueue_depth gauge",
      'workqueue_depth{name="a\\"b"} 3',
      "",
    ].join("\n"),
  );
});

test("the buckets of a histogram are cumulative", () => {
  const metrics = new Metrics();
  const duration = metrics.histogram("seconds", "Durations.", [0.1, 1]);
  for (const value of [0.05, 0.5, 5]) duration.observe(value);
  expect(metrics.expose()).toContain(
    'seconds_bucket{le="0.1"} 1\nseconds_bucket{le="1"} 2\nseconds_bucket{le="+Inf"} 3\nseconds_sum 5.55\nseconds_count 3\n',
  );
});
