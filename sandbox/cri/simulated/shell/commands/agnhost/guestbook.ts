import type { Program } from "../command.ts";
import { goFlags } from "./flags.ts";
import { parsed, serve, text, type Door } from "./server.ts";

const mostKeys = 10_000;

/** The guestbook application: a store, replicas that follow it, and a front end that asks either by name. */
export const guestbook: Program = async (args, context) => {
  const { flags } = goFlags(args);
  const { network, clock, killed } = context.process;
  const port = Number(flags.get("http-port") ?? 80);
  const backend = Number(flags.get("backend-port") ?? 6379);
  const primary = flags.get("replicaof");
  const store = new Map<string, string>();
  const replicas = new Set<string>();
  const data = (value: unknown): ReturnType<typeof text> => text(JSON.stringify({ data: value }));

  const handle: Door["handle"] = async (request) => {
    const { path, query } = parsed(request);
    const key = query.get("key") ?? "";
    switch (path) {
      case "/register":
        replicas.add(query.get("host") ?? "");
        return data(Object.fromEntries(store));
      case "/get":
        return data(key === "" ? Object.fromEntries(store) : (store.get(key) ?? ""));
      case "/set":
        if (store.size < mostKeys) store.set(key, query.get("value") ?? "");
        for (const host of replicas) await network.fetch(`http://${host}:${backend}${request.path}`);
        return data("Updated");
      case "/guestbook": {
        const name = query.get("cmd") === "set" ? "agnhost-primary" : "agnhost-replica";
        const answer = await network.fetch(`http://${name}:${backend}/${query.get("cmd") ?? "get"}?${query.toString()}`);
        return answer ?? text("", 500);
      }
      default:
        return text("Guestbook");
    }
  };

  /** A replica asks until its primary is there. */
  const follow = async (): Promise<void> => {
    for (;;) {
      const known = await network.fetch(`http://${primary!}:${backend}/register?host=${network.addresses[0] ?? ""}`);
      if (known?.code === 200) {
        const { data: all } = JSON.parse(known.body) as { data: Record<string, string> };
        for (const [key, value] of Object.entries(all)) store.set(key, value);
        return;
      }
      await clock.sleep(1000, killed);
    }
  };
  if (primary) void follow().catch(() => undefined);
  return serve(
    context,
    [...new Set([port, backend])].map((each) => ({ port: each, handle })),
  );
};
