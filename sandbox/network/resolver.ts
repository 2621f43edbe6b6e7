import type { DnsAnswer, NameServer, RecordType } from "./network.ts";

/** What `/etc/resolv.conf` says. */
export interface ResolverConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly ndots: number;
}

/** Reads resolv.conf(5). The last `search` line counts; ndots is 1 where nothing is said, and 15 at most. */
export const parseResolverConfig = (text: string): ResolverConfig => {
  const servers: string[] = [];
  let searches: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split("\n")) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === "nameserver" && rest[0] !== undefined) servers.push(rest[0]);
    if (word === "search") searches = rest;
    if (word !== "options") continue;
    for (const option of rest) if (option.startsWith("ndots:")) ndots = Math.min(15, Number(option.slice(6)) || 0);
  }
  return { servers, searches, ndots };
};

/** The names that are tried for a name, in order: with fewer dots than `ndots` the search path comes first. */
export const candidates = (name: string, { searches, ndots }: ResolverConfig): readonly string[] => {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = searches.map((domain) => `${name}.${domain.replace(/\.$/, "")}`);
  return name.split(".").length - 1 >= ndots ? [name, ...searched] : [...searched, name];
};

/** Resolves as the C library does: the first candidate that has records. The name found is told, as `dig +search` shows it. */
export const resolve = (name: string, type: RecordType, config: ResolverConfig, ask: NameServer): DnsAnswer & { readonly name: string } => {
  let missing: DnsAnswer = { code: "SERVFAIL", records: [] };
  for (const candidate of candidates(name, config)) {
    const answer = config.servers.map((server) => ask(server, candidate, type)).find((each) => each !== undefined);
    if (!answer) continue;
    if (answer.records.length > 0) return { ...answer, name: candidate };
    if (missing.code !== "NOERROR") missing = answer;
  }
  return { ...missing, name };
};
