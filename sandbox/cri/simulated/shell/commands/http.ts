import type { SimulatedAnswer } from "../../../../network/network.ts";
import { decode, encode, readAll } from "../process.ts";
import { fail, options, print, type Context, type Program } from "./command.ts";

const withScheme = (url: string): string => (/^[a-z]+:\/\//.test(url) ? url : `http://${url}`);

/** Host and port of a URL, as messages name them. */
const placeOf = (url: string): { readonly host: string; readonly port: number } => {
  const found = /^([a-z]+):\/\/(\[[^\]]*\]|[^/:?]*)(?::(\d+))?/.exec(url);
  return { host: (found?.[2] ?? "").replace(/^\[|\]$/g, ""), port: Number(found?.[3] ?? (found?.[1] === "https" ? 443 : 80)) };
};

/** Long options that take their value from the next word. */
const valuedLong =
  /^--(connect-timeout|max-time|retry|retry-delay|header|data|request|output|write-out|interface|resolve|user|user-agent|cacert)$/;

/** The words without long options and their values. */
const withoutLong = (args: readonly string[]): readonly string[] =>
  args.filter((arg, at) => !arg.startsWith("--") && !valuedLong.test(args[at - 1] ?? ""));

/** Follows redirects, ten at most. */
const fetched = async (url: string, context: Context): Promise<SimulatedAnswer | undefined> => {
  let answer = await context.process.network.fetch(url);
  for (let hops = 0; answer?.location !== undefined && hops < 10; hops++) {
    const { host, port } = placeOf(url);
    answer = await context.process.network.fetch(
      answer.location.startsWith("/") ? `http://${host}:${port}${answer.location}` : answer.location,
    );
  }
  return answer;
};

export const wget: Program = async (args, context) => {
  const { flags, rest } = options(withoutLong(args), "OTtYP");
  const url = withScheme(rest.at(-1) ?? "");
  const { host, port } = placeOf(url);
  const { network, clock, killed } = context.process;
  const [address] = network.resolve(host);
  if (address === undefined) return fail(context, `wget: bad address '${host}'`);
  if (!flags.has("q")) context.stdio.err(encode(`Connecting to ${host}${port === 80 ? "" : `:${port}`} (${address}:${port})\n`));
  const connection = network.connect(host, port);
  if (connection === "dropped") {
    await clock.sleep(Number(flags.get("T") ?? args.find((arg) => arg.startsWith("--timeout="))?.slice(10) ?? 900) * 1000, killed);
    return fail(context, "wget: download timed out");
  }
  const answer = connection === "connected" ? await fetched(url, context) : undefined;
  if (!answer) return fail(context, `wget: can't connect to remote host (${address}): Connection refused`);
  if (answer.code >= 400) return fail(context, `wget: server returned error: HTTP/1.1 ${answer.code} ${reasonOf(answer.code)}`);
  if (args.includes("--spider")) return 0;
  const target = flags.get("O");
  if (target === "-") print(context, answer.body);
  else if (target !== "/dev/null") context.process.files.write(context.shell.path(target ?? "index.html"), encode(answer.body));
  return 0;
};

export const reasonOf = (code: number): string =>
  ({
    200: "OK",
    302: "Found",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    412: "Precondition Failed",
    500: "Internal Server Error",
    503: "Service Unavailable",
  })[code] ?? "Error";

export const curl: Program = async (args, context) => {
  const { flags, rest } = options(withoutLong(args), "omHXdwmuATc");
  const url = withScheme(rest.at(-1) ?? "");
  const { host, port } = placeOf(url);
  const { network, clock, killed } = context.process;
  const connection = network.connect(host, port);
  if (connection === undefined)
    return fail(context, flags.has("s") && !flags.has("S") ? "" : `curl: (6) Could not resolve host: ${host}`, 6);
  if (connection === "dropped") {
    const at = args.findIndex((arg) => arg === "--connect-timeout" || arg === "--max-time" || arg === "-m");
    await clock.sleep(Number(at < 0 ? 130 : args[at + 1]) * 1000, killed);
    return fail(context, `curl: (28) Failed to connect to ${host} port ${port}: Connection timed out`, 28);
  }
  const answer =
    connection !== "connected" ? undefined : await (flags.has("L") ? fetched(url, context) : network.fetch(url, flags.get("X") ?? "GET"));
  if (!answer) return fail(context, `curl: (7) Failed to connect to ${host} port ${port}: Connection refused`, 7);
  if (flags.has("f") && answer.code >= 400) return fail(context, `curl: (22) The requested URL returned error: ${answer.code}`, 22);
  const target = flags.get("o");
  if (flags.has("i") || flags.has("I"))
    print(
      context,
      `HTTP/1.1 ${answer.code} ${reasonOf(answer.code)}\r\nContent-Type: ${answer.contentType}\r\nContent-Length: ${encode(answer.body).byteLength}\r\n\r\n`,
    );
  if (target === undefined && !flags.has("I")) print(context, answer.body);
  else if (target !== undefined && target !== "/dev/null") context.process.files.write(context.shell.path(target), encode(answer.body));
  const format = flags.get("w") ?? (args.includes("--write-out") ? args[args.indexOf("--write-out") + 1] : undefined);
  if (format !== undefined) print(context, format.replace(/%\{(http_code|response_code)\}/g, String(answer.code)).replaceAll("\\n", "\n"));
  return 0;
};

/** Netcat: sends its input, prints what comes back. A server of HTTP that hears something else says 400. */
export const nc: Program = async (args, context) => {
  const { flags, rest } = options(args, "wps");
  const [host = "", port = ""] = rest;
  const { network, clock, killed } = context.process;
  const protocol = flags.has("u") ? "UDP" : "TCP";
  const connection = network.connect(host, Number(port), protocol);
  if (connection === undefined) return fail(context, `nc: bad address '${host}'`);
  if (connection === "dropped") await clock.sleep(Number(flags.get("w") ?? 60) * 1000, killed);
  if (connection !== "connected")
    return fail(
      context,
      flags.has("v")
        ? `nc: connect to ${host} port ${port} (${protocol.toLowerCase()}) failed: Connection ${connection === "dropped" ? "timed out" : "refused"}`
        : "",
    );
  if (flags.has("v")) context.stdio.err(encode(`Connection to ${host} ${port} port [${protocol.toLowerCase()}/*] succeeded!\n`));
  if (flags.has("z")) return 0;
  const input = decode(await readAll(context.stdio));
  if (protocol === "UDP") {
    print(context, (await network.send(host, Number(port), input.trim())) ?? "");
    return 0;
  }
  const asked = /^([A-Z]+) (\S+) HTTP\//.exec(input);
  const answer = asked
    ? await network.fetch(`http://${host}:${port}${asked[2]!}`, asked[1])
    : { code: 400, contentType: "text/plain; charset=utf-8", body: "400 Bad Request" };
  if (answer)
    print(
      context,
      `HTTP/1.1 ${answer.code} ${reasonOf(answer.code)}\r\nContent-Type: ${answer.contentType}\r\nConnection: close\r\n\r\n${answer.body}`,
    );
  return 0;
};
