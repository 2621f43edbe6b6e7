import type { SimulatedAnswer, SimulatedRequest } from "../../../../../network/network.ts";
import { parseDuration } from "../../../behavior.ts";
import { decode } from "../../process.ts";
import type { Context, Program } from "../command.ts";
import { goFlags } from "./flags.ts";
import { logLine, parsed, serve, text, type Door } from "./server.ts";

const mostTries = 1000;

/** An HTTP and a UDP server with many small answers: what the conformance suite asks of pods. */
export const netexec: Program = (args, context) => {
  const { flags } = goFlags(args);
  const port = Number(flags.get("http-port") ?? 8080);
  const udpPort = Number(flags.get("udp-port") ?? 8081);
  const sctpPort = Number(flags.get("sctp-port") ?? -1);
  const override = flags.get("http-override");
  let leave: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => (leave = resolve));
  const answer = (request: SimulatedRequest): Promise<SimulatedAnswer> =>
    answered(override ? { ...request, method: "GET", path: override } : request, context, port, leave);
  const datagram = ({ path, from }: SimulatedRequest): SimulatedAnswer => text(datagramAnswer(path.trim(), context, from?.address));
  const doors: Door[] = [{ port, handle: answer }];
  if (udpPort > 0) doors.push({ port: udpPort, protocol: "UDP", handle: datagram });
  if (sctpPort > 0) doors.push({ port: sctpPort, protocol: "SCTP", handle: datagram });
  logLine(context, `Started HTTP server on port ${port}`);
  if (udpPort > 0) logLine(context, `Started UDP server on port  ${udpPort}`);
  return serve(context, doors, { exit });
};

const datagramAnswer = (said: string, { process }: Context, client = ""): string => {
  if (/^hostname$/i.test(said)) return process.hostname;
  if (/^echo /i.test(said)) return said.slice(5);
  return /^clientip$/i.test(said) ? `${client}:40000` : "";
};

const answered = async (
  request: SimulatedRequest,
  context: Context,
  port: number,
  leave: (code: number) => void,
): Promise<SimulatedAnswer> => {
  const { path, query } = parsed(request);
  const { process } = context;
  logLine(context, `GET ${request.path}`);
  switch (path) {
    case "/clientip":
      return text(`${request.from?.address ?? "172.18.0.1"}:40000`);
    case "/header":
      return text(request.headers[(query.get("key") ?? "").toLowerCase()] ?? "");
    case "/serverport":
      return text(String(port));
    case "/hostname":
    case "/hostName":
      return text(process.hostname);
    case "/healthz":
      return text("");
    case "/echo":
      return text(query.get("msg") ?? "", Number(query.get("code") || 200));
    case "/redirect":
      return { ...text("", Number(query.get("code") || 302)), location: query.get("location") ?? "/" };
    case "/shutdown":
      leave(0);
      return text("");
    case "/exit":
      void process.clock.sleep(parseDuration(query.get("wait") ?? "") ?? 0, process.killed).then(
        () => leave(Number(query.get("code") ?? 0)),
        () => undefined,
      );
      return text("");
    case "/shell":
      return shell(query.get("shellCommand") ?? query.get("cmd") ?? "", context);
    case "/dial":
      return dial(query, context);
    default:
      return text(`NOW: ${new Date(process.clock.now()).toISOString().replace("T", " ").replace("Z", "000000 +0000 UTC m=+0.000000001")}`);
  }
};

const shell = async (command: string, context: Context): Promise<SimulatedAnswer> => {
  let output = "";
  const keep = (chunk: Uint8Array): void => void (output += decode(chunk));
  const stdio = { read: () => Promise.resolve(undefined), out: keep, err: keep, tty: false };
  const code = await context.shell.child().run(command, stdio);
  return text(JSON.stringify({ ...(code !== 0 && { error: `exit status ${code}` }), ...(output !== "" && { output }) }));
};

/** Asks another pod or Service, so many times: `{"responses":[…]}`, `{"errors":[…]}`. */
const dial = async (query: URLSearchParams, { process: { network, clock, killed } }: Context): Promise<SimulatedAnswer> => {
  const request = query.get("request") ?? "";
  if (request === "") return text("request parameter not specified. <nil>\n", 400);
  const protocol = (query.get("protocol") || "http").toLowerCase();
  if (protocol !== "http" && protocol !== "udp" && protocol !== "sctp") return text(`unsupported protocol. ${protocol}\n`, 400);
  const host = (query.get("host") ?? "").replace(/^\[|\]$/g, "");
  const port = Number(query.get("port"));
  const [address] = network.resolve(host);
  if (address === undefined) return text(`host and/or port param are invalid. lookup ${host}: no such host\n`, 400);
  const responses: string[] = [];
  const errors: string[] = [];
  for (let tries = Math.min(mostTries, Number(query.get("tries") || 1)); tries > 0; tries--) {
    const connection = network.connect(address, port, protocol === "http" ? "TCP" : (protocol.toUpperCase() as "UDP" | "SCTP"));
    if (connection === "dropped") await clock.sleep(5000, killed);
    const found =
      connection !== "connected"
        ? undefined
        : protocol === "http"
          ? (await network.fetch(`http://${address}:${port}/${request}`))?.body
          : await network.send(address, port, request);
    if (found !== undefined) responses.push(found);
    else if (protocol !== "http")
      errors.push(`reading from ${protocol} connection failed. err:'read ${protocol} ${address}:${port}: i/o timeout'`);
    else
      errors.push(
        `Get "http://${address}:${port}/${request}": dial tcp ${address}:${port}: ${connection === "dropped" ? "i/o timeout" : "connect: connection refused"}`,
      );
  }
  return text(JSON.stringify({ ...(errors.length > 0 && { errors }), ...(responses.length > 0 && { responses }) }));
};
