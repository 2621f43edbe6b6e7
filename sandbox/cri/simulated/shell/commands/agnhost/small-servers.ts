import { FileError } from "../../../file-error.ts";
import { decode } from "../../process.ts";
import { print, type Context, type Program } from "../command.ts";
import { goFlags } from "./flags.ts";
import { logLine, parsed, serve, text, type Door } from "./server.ts";

export const pause: Program = (_args, context) => {
  print(context, "Paused\n");
  return serve(context, [], { stopCode: 0 });
};

/** Answers its pod's name. */
export const serveHostname: Program = (args, context) => {
  const { flags } = goFlags(args, ["http", "tcp", "udp", "close"]);
  const port = Number(flags.get("port") ?? 9376);
  const name = (): ReturnType<typeof text> => text(context.process.hostname);
  const doors: Door[] = [{ port, handle: name }];
  if (flags.get("udp") === "true") doors.push({ port, protocol: "UDP", handle: name });
  logLine(context, "Serving on port 9376.");
  return serve(context, doors);
};

/** Healthy for ten seconds, and never again. */
export const liveness: Program = (_args, context) => {
  const { clock } = context.process;
  const started = clock.now();
  const handle: Door["handle"] = async (request) => {
    const { path, query } = parsed(request);
    const seconds = (clock.now() - started) / 1000;
    if (path === "/started") return text(`${seconds}s`);
    if (path === "/redirect") return { ...text("", 302), location: query.get("loc") ?? "/" };
    if (path === "/healthz") return seconds > 10 ? text(`error: ${seconds}`, 500) : text("ok");
    if (path === "/sleep-headers" || path === "/sleep-body") {
      await clock.sleep(Number(query.get("time") ?? 0) * 1000, context.process.killed);
      return text(`Slept for ${Number(query.get("time") ?? 0)} secs\n`, Number(query.get("code") || 500));
    }
    return text("404 page not found\n", 404);
  };
  return serve(context, [{ port: 8080, handle }]);
};

/** Serves the container's files. */
export const testWebserver: Program = (args, context) => {
  const port = Number(goFlags(args).flags.get("port") ?? 80);
  return serve(context, [{ port, handle: (request) => fileAnswer(parsed(request).path, context) }]);
};

const fileAnswer = (path: string, { process: { files } }: Context): ReturnType<typeof text> => {
  if (!files.exists(path)) return text("404 page not found\n", 404);
  if (!files.isDirectory(path)) return text(decode(files.read(path)));
  const links = files.list(path).map((name) => {
    const shown = files.isDirectory(`${path}/${name}`) ? `${name}/` : name;
    return `<a href="${encodeURI(shown)}">${shown}</a>\n`;
  });
  return text(`<pre>\n${links.join("")}</pre>\n`, 200, "text/html; charset=utf-8");
};

/** What the environment says: `SERVE_PORT_80=foo` answers foo at port 80. */
export const porter: Program = (_args, context) => {
  const doors = context.shell.environment.flatMap(([name, value]): Door[] => {
    const found = /^SERVE_(?:TLS_)?PORT_(\d+)$/.exec(name);
    return found ? [{ port: Number(found[1]), handle: () => text(value) }] : [];
  });
  return serve(context, doors);
};

/** Health that an HTTP server beside it changes; the probe asks by `/grpc.health.v1.Health/Check?service=…`. */
export const grpcHealthChecking: Program = (args, context) => {
  const { flags } = goFlags(args);
  const { clock } = context.process;
  const started = clock.now();
  const delay = Number(flags.get("delay-unhealthy-sec") ?? -1);
  let serving = delay !== 0;
  const healthy = (): boolean => serving && (delay < 0 || clock.now() - started < delay * 1000);
  const control: Door["handle"] = (request) => {
    const { path } = parsed(request);
    if (path === "/make-serving") serving = true;
    if (path === "/make-not-serving") serving = false;
    return text("");
  };
  const check: Door["handle"] = (request) =>
    (parsed(request).query.get("service") ?? "") === (flags.get("service") ?? "")
      ? text(healthy() ? "SERVING" : "NOT_SERVING")
      : text("unknown service", 404);
  return serve(context, [
    { port: Number(flags.get("http-port") ?? 8080), handle: control },
    { port: Number(flags.get("port") ?? 5000), handle: check },
  ]);
};

export const fakeGitserver: Program = (_args, context) => serve(context, [{ port: 8000, handle: () => text("I am a fake git server") }]);

/** Reads a file, or says why it cannot. */
export const contentOf = (path: string, { process: { files } }: Context): string | FileError => {
  try {
    return decode(files.read(path));
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
};
