import type { PackVersion } from "../../sandbox/api/pack/load-pack.ts";
import { isStream, type HttpResponse } from "../../sandbox/apiserver/server/http.ts";
import { hostNow } from "../../sandbox/base/clock/host.ts";
import { silentLog } from "../../sandbox/base/log/log.ts";
import { SeededRandom } from "../../sandbox/base/random/random.ts";
import { startCluster, type Cluster } from "../../sandbox/cluster/cluster.ts";
import { complaint } from "./judge.ts";
import { httpOf, printed, type FuzzRequest } from "./request.ts";
import { randomRequest } from "./requests.ts";
import { widgetDefinition } from "./seeds.ts";
import { oneOf } from "./values.ts";

export interface FuzzResult {
  readonly requests: number;
  readonly codes: ReadonlyMap<number, number>;
  /** What went wrong, with the smallest request found that shows it. */
  readonly failures: readonly string[];
}

/** A cluster collects odd objects; a new one is started after so many requests. */
const requestsPerCluster = 2500;

/** Longer than this on the host is called a hang. Milliseconds. */
const slowest = 8000;

export const components = ["scheduler", "controller-manager", "proxy", "dns", "kubelet"] as const;

/** Sends random requests, each decided by the seed alone, and collects what should not have been answered. */
export const fuzz = async (version: PackVersion, seed: number, requests: number): Promise<FuzzResult> => {
  const codes = new Map<number, number>();
  const failures: string[] = [];
  const seen = new Set<string>();
  for (let done = 0; done < requests; done += requestsPerCluster) {
    const round = seed + done;
    let stack: string | undefined;
    const log = {
      ...silentLog,
      error: (_: string, details?: Readonly<Record<string, unknown>>) => (stack = JSON.stringify(details ?? {}).replaceAll("\\n", "\n")),
    };
    await using cluster = await startCluster({ seed: round, kubernetesVersion: version, disable: components, log });
    await prepare(cluster);
    const random = new SeededRandom(round);
    const { pack, apiServer } = cluster.controlPlane;
    const existing = (group: string, resource: string): Readonly<Record<string, unknown>> | undefined => {
      const all = apiServer.reader.list(group, resource) as readonly unknown[] as readonly Readonly<Record<string, unknown>>[];
      return all.length === 0 ? undefined : oneOf(all, random);
    };
    for (let index = 0; index < Math.min(requestsPerCluster, requests - done); index++) {
      const request = randomRequest({ pack, random, existing });
      stack = undefined;
      const { code, wrong } = await judged(cluster, request);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (wrong === undefined) continue;
      const kind = wrong.replace(/"[^"]*"|\d+/g, "").slice(0, 120);
      if (seen.has(kind)) continue;
      seen.add(kind);
      const found = (stack as string | undefined) ?? "";
      failures.push(
        `seed ${String(round)} (${version}), request ${String(index)}: ${wrong}\n${found}\n${printed(await smaller(cluster, request, code))}`,
      );
    }
  }
  return { requests, codes, failures };
};

/** What a controller manager would have made: the default service account; and a custom kind. */
export const prepare = async (cluster: Cluster): Promise<void> => {
  await cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } }, widgetDefinition);
  await cluster.advance("10s");
};

const judged = async (cluster: Cluster, request: FuzzRequest): Promise<{ readonly code: number; readonly wrong?: string }> => {
  const begun = hostNow();
  try {
    const response = await answered(cluster, request);
    if (!response) return { code: 400 };
    const took = hostNow() - begun;
    const wrong = took > slowest ? `took ${String(Math.round(took))} ms` : (complaint(request, response) ?? pollution());
    return { code: response.code, ...(wrong !== undefined && { wrong }) };
  } catch (error) {
    return { code: 0, wrong: `rejected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  }
};

const pollution = (): string | undefined => ("polluted" in {} ? "Object.prototype was written to" : undefined);

/** The answer, with time moved on for those who wait for it; streams are read for a moment, and left. */
export const answered = async (cluster: Cluster, request: FuzzRequest): Promise<HttpResponse | undefined> => {
  const { clock, controlPlane } = cluster;
  const gone = new AbortController();
  const http = httpOf(request, gone.signal);
  if (!http) return undefined;
  let response: HttpResponse | undefined;
  const answer = controlPlane.serve(http).then((each) => (response = each));
  // Some wait for a revision or a service account that will not come; all others for nothing but the host.
  const patience = /resourceVersion=|\/pods/.test(request.target) ? 30 : 3000;
  for (const begun = hostNow(); hostNow() - begun < patience && !response;) await Promise.race([answer, clock.settle()]);
  for (let wait = 0; wait < 70 && !response; wait++) await Promise.race([answer, clock.advance(1000)]);
  await answer;
  if (response && isStream(response.body)) {
    response.body.start({ write: () => true, drained: () => Promise.resolve(), end: () => {} });
    gone.abort();
    response.body.cancel();
  }
  return response;
};

/** A smaller request that is answered with the same code: fewer options and headers, fewer members in the body. */
const smaller = async (cluster: Cluster, request: FuzzRequest, code: number): Promise<FuzzRequest> => {
  const still = async (candidate: FuzzRequest): Promise<boolean> => {
    const { code: now, wrong } = await judged(cluster, candidate);
    return now === code && wrong !== undefined;
  };
  let best = request;
  if (code === 200 || !(await still(request))) return request;
  for (let tries = 0, improved = true; improved && tries < 300;) {
    improved = false;
    for (const candidate of candidates(best)) {
      if (++tries > 300) break;
      if (!(await still(candidate))) continue;
      best = candidate;
      improved = true;
      break;
    }
  }
  return best;
};

function* candidates(request: FuzzRequest): Generator<FuzzRequest> {
  const [path = "", options] = request.target.split("?");
  if (options !== undefined) yield { ...request, target: path };
  for (const name of Object.keys(request.headers))
    if (name !== "content-type")
      yield { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([each]) => each !== name)) };
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(request.body).toString());
  } catch {
    return;
  }
  for (const less of without(value)) yield { ...request, body: Buffer.from(JSON.stringify(less)) };
}

/** The value with one member less, from the outside in. */
function* without(value: unknown): Generator {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    for (const at of items.keys()) yield items.toSpliced(at, 1);
    for (const [at, item] of items.entries()) for (const less of without(item)) yield items.with(at, less);
    return;
  }
  const entries = Object.entries(value);
  for (const [at] of entries.entries()) yield Object.fromEntries(entries.toSpliced(at, 1));
  for (const [at, [name, item]] of entries.entries())
    for (const less of without(item)) yield Object.fromEntries(entries.with(at, [name, less]));
}
