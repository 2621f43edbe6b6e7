import type { Duplex } from "node:stream";
import { parseSize, type CommandChannels, type CommandQuery } from "./remote-command.ts";
import { SpdySession, type SpdyStream } from "./spdy/session.ts";

/** Protocol versions of exec and attach over SPDY, best first. */
export const spdyCommandProtocols = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];

/** Resolves when the client has opened the streams it asked for: error, and stdin, stdout, stderr, resize as the query says. */
export const spdyChannels = (connection: Duplex, protocol: string, query: CommandQuery): Promise<CommandChannels> =>
  new Promise((resolve, reject) => {
    const streams = new Map<string, SpdyStream>();
    const gone = new AbortController();
    const resizes = query.tty && /^v[34]\./.test(protocol);
    const wanted = ["error", query.stdin && "stdin", query.stdout && "stdout", query.stderr && "stderr", resizes && "resize"].filter(
      (name) => name !== false,
    );
    const session = new SpdySession(connection, (stream) => {
      streams.set(stream.headers.get("streamtype") ?? "", stream);
      if (wanted.every((name) => streams.has(name))) resolve(channelsOf(session, streams, protocol, gone));
    });
    void session.closed.then(() => {
      gone.abort();
      reject(new Error("the client went away before it had opened its streams"));
    });
  });

const channelsOf = (
  session: SpdySession,
  streams: ReadonlyMap<string, SpdyStream>,
  protocol: string,
  gone: AbortController,
): CommandChannels => ({
  stdin: streams.get("stdin")?.input,
  stdout: (chunk) => streams.get("stdout")?.write(chunk),
  stderr: (chunk) => streams.get("stderr")?.write(chunk),
  resize: (listener) => void follow(streams.get("resize"), listener),
  finish: (status) => {
    const error = streams.get("error");
    if (protocol.startsWith("v4")) error?.write(Buffer.from(JSON.stringify(status)));
    else if (status.status === "Failure") error?.write(Buffer.from(status.message ?? ""));
    for (const stream of streams.values()) stream.end();
    session.close();
  },
  signal: gone.signal,
});

const follow = async (
  stream: SpdyStream | undefined,
  listener: (size: { readonly width: number; readonly height: number }) => void,
): Promise<void> => {
  for await (const chunk of stream?.input ?? []) {
    for (const line of Buffer.from(chunk).toString("utf8").split("\n")) {
      const size = parseSize(line);
      if (size) listener(size);
    }
  }
};
