/** The labels of one series. Names are given once, with the metric. */
export type LabelValues = readonly (string | number)[];

interface Metric {
  readonly name: string;
  expose(): string;
}

/** What Prometheus reads: counters, gauges and histograms, by name. Small on purpose: it is loaded at every start. */
export class Metrics {
  readonly #metrics = new Map<string, Metric>();

  counter(name: string, help: string, ...labels: readonly string[]): Counter {
    return this.#add(new Counter(name, help, "counter", labels));
  }

  gauge(name: string, help: string, ...labels: readonly string[]): Gauge {
    return this.#add(new Gauge(name, help, "gauge", labels));
  }

  /** `buckets` are upper bounds, ascending, without infinity. */
  histogram(name: string, help: string, buckets: readonly number[], ...labels: readonly string[]): Histogram {
    return this.#add(new Histogram(name, help, buckets, labels));
  }

  /** All metrics in Prometheus' text format. */
  expose(): string {
    return [...this.#metrics.values()].map((metric) => metric.expose()).join("");
  }

  /** The same name always means the same metric. */
  #add<T extends Metric>(metric: T): T {
    const known = this.#metrics.get(metric.name);
    if (known) return known as T;
    this.#metrics.set(metric.name, metric);
    return metric;
  }
}

const seriesName = (name: string, labels: readonly string[], values: LabelValues, extra = ""): string => {
  const pairs = labels.map(
    (label, index) =>
      `${label}="${String(values[index] ?? "").replaceAll(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`))}"`,
  );
  if (extra !== "") pairs.push(extra);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
};

const heading = (name: string, help: string, type: string): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

class Series {
  readonly name: string;
  protected readonly labels: readonly string[];
  protected readonly values = new Map<string, { readonly labels: LabelValues; value: number }>();
  readonly #help: string;
  readonly #type: string;

  constructor(name: string, help: string, type: string, labels: readonly string[]) {
    this.name = name;
    this.#help = help;
    this.#type = type;
    this.labels = labels;
  }

  expose(): string {
    const lines = [...this.values.values()].map(({ labels, value }) => `${seriesName(this.name, this.labels, labels)} ${String(value)}\n`);
    return heading(this.name, this.#help, this.#type) + lines.join("");
  }

  protected at(labels: LabelValues): { value: number } {
    const key = labels.join("\u0000");
    let series = this.values.get(key);
    if (!series) this.values.set(key, (series = { labels, value: 0 }));
    return series;
  }
}

/** Only grows. */
export class Counter extends Series {
  increment(labels: LabelValues = [], by = 1): void {
    this.at(labels).value += by;
  }
}

/** Goes up and down. */
export class Gauge extends Series {
  set(value: number, labels: LabelValues = []): void {
    this.at(labels).value = value;
  }

  add(by: number, labels: LabelValues = []): void {
    this.at(labels).value += by;
  }
}

/** How values are spread over buckets. */
export class Histogram implements Metric {
  readonly name: string;
  readonly #help: string;
  readonly #buckets: readonly number[];
  readonly #labels: readonly string[];
  readonly #series = new Map<string, { readonly labels: LabelValues; readonly counts: number[]; sum: number; count: number }>();

  constructor(name: string, help: string, buckets: readonly number[], labels: readonly string[]) {
    this.name = name;
    this.#help = help;
    this.#buckets = buckets;
    this.#labels = labels;
  }

  observe(value: number, labels: LabelValues = []): void {
    const key = labels.join("\u0000");
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = { labels, counts: this.#buckets.map(() => 0), sum: 0, count: 0 }));
    series.sum += value;
    series.count++;
    const bucket = this.#buckets.findIndex((bound) => value <= bound);
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
  }

  expose(): string {
    const lines: string[] = [];
    for (const { labels, counts, sum, count } of this.#series.values()) {
      let upTo = 0;
      this.#buckets.forEach((bound, index) => {
        upTo += counts[index] ?? 0;
        lines.push(`${seriesName(`${this.name}_bucket`, this.#labels, labels, `le="${String(bound)}"`)} ${String(upTo)}\n`);
      });
      lines.push(`${seriesName(`${this.name}_bucket`, this.#labels, labels, 'le="+Inf"')} ${String(count)}\n`);
      lines.push(`${seriesName(`${this.name}_sum`, this.#labels, labels)} ${String(sum)}\n`);
      lines.push(`${seriesName(`${this.name}_count`, this.#labels, labels)} ${String(count)}\n`);
    }
    return heading(this.name, this.#help, "histogram") + lines.join("");
  }
}
