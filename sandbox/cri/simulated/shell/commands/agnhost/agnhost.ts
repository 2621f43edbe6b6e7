import { parseDuration } from "../../../behavior.ts";
import { fail, print, type Program } from "../command.ts";
import { goFlags } from "./flags.ts";
import { guestbook } from "./guestbook.ts";
import { mounttest } from "./mounttest.ts";
import { netexec } from "./netexec.ts";
import { contentOf, fakeGitserver, grpcHealthChecking, liveness, pause, porter, serveHostname, testWebserver } from "./small-servers.ts";

const connect: Program = async (args, context) => {
  const { flags, rest } = goFlags(args);
  const target = rest[0] ?? "";
  const colon = target.lastIndexOf(":");
  const port = Number(target.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port)) return fail(context, "UNKNOWN");
  const protocol = (flags.get("protocol") ?? "tcp").toUpperCase() as "TCP";
  const connection = context.process.network.connect(target.slice(0, colon).replace(/^\[|\]$/g, ""), port, protocol);
  if (connection === "connected") return 0;
  if (connection === undefined) return fail(context, "DNS: no such host");
  if (connection === "refused") return fail(context, "REFUSED");
  await context.process.clock.sleep(parseDuration(flags.get("timeout") ?? "") ?? 130_000, context.process.killed);
  return fail(context, "TIMEOUT");
};

const methods = ["GET", "POST", "PUT"];

const logsGenerator: Program = async (args, context) => {
  const { flags } = goFlags(args);
  const total = Math.min(1_000_000, Number(flags.get("log-lines-total") ?? flags.get("t") ?? 0));
  const pause = (parseDuration(flags.get("run-duration") ?? flags.get("d") ?? "") ?? 0) / Math.max(1, total);
  const { clock, random, killed } = context.process;
  for (let line = 0; line < total; line++) {
    if (line > 0) await clock.sleep(pause, killed);
    const time = new Date(clock.now()).toISOString();
    const stamp = `I${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000       1 logs_generator.go:76]`;
    const namespace = ["kube-system", "default", "ns"][random.integer(3)]!;
    print(
      context,
      `${stamp} ${line} ${methods[random.integer(3)]!} /api/v1/namespaces/${namespace}/pods/${random.suffix(4)} ${200 + random.integer(400)}\n`,
    );
  }
  return 0;
};

const subcommands: Readonly<Record<string, Program>> = {
  pause,
  netexec,
  mounttest,
  liveness,
  porter,
  guestbook,
  connect,
  "serve-hostname": serveHostname,
  "test-webserver": testWebserver,
  "grpc-health-checking": grpcHealthChecking,
  "fake-gitserver": fakeGitserver,
  "logs-generator": logsGenerator,
  "dns-suffix": (_args, context) => (print(context, `${context.process.network.resolver.searches.join(",")}\n`), 0),
  "dns-server-list": (_args, context) => (print(context, `${context.process.network.resolver.servers.join(",")}\n`), 0),
  "etc-hosts": (_args, context) => (print(context, String(contentOf("/etc/hosts", context))), 0),
};

/** The test image of Kubernetes' own suites: one program with many subcommands, installed by two names. */
const agnhost =
  (own: string): Program =>
  ([name = "pause", ...args], context) => {
    if (name === "entrypoint-tester") {
      print(context, `[${[own, name, ...args].join(" ")}]\n`);
      return 0;
    }
    if (Object.hasOwn(subcommands, name)) return subcommands[name]!(args, context);
    return fail(
      context,
      `Error: unknown command ${JSON.stringify(name)} for "app" (this container is simulated: ${Object.keys(subcommands).join(" ")})`,
    );
  };

export const agnhostPrograms: Readonly<Record<string, Program>> = { "agnhost": agnhost("/agnhost"), "agnhost-2": agnhost("/agnhost-2") };
