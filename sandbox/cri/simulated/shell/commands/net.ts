import { encode } from "../process.ts";
import { fail, options, print, type Context, type Program } from "./command.ts";

const withScheme = (url: string): string => (/^[a-z]+:\/\//.test(url) ? url : `http://${url}`);
const hostOf = (url: string): string => url.replace(/^[a-z]+:\/\//, "").replace(/[/?].*$/, "");

const wget: Program = async (args, context) => {
  const { flags, rest } = options(args, "OTtY");
  const url = withScheme(rest[0] ?? "");
  const answer = await context.process.fetch(url);
  if (!answer) return fail(context, `wget: can't connect to remote host (${hostOf(url)}): Connection refused`);
  if (answer.code >= 400) return fail(context, `wget: server returned error: HTTP/1.1 ${answer.code}`);
  const target = flags.get("O");
  if (target === "-" || flags.get("O") === "") print(context, answer.body);
  else if (!flags.has("q") || target !== "/dev/null")
    context.process.files.write(context.shell.path(target ?? "index.html"), encode(answer.body));
  return 0;
};

const curl: Program = async (args, context) => {
  const { flags, rest } = options(
    args.filter((arg) => !arg.startsWith("--")),
    "omHXdw",
  );
  const url = withScheme(rest[0] ?? "");
  const answer = await context.process.fetch(url);
  if (!answer) return fail(context, `curl: (7) Failed to connect to ${hostOf(url)}: Connection refused`, 7);
  if (flags.has("f") && answer.code >= 400) return fail(context, `curl: (22) The requested URL returned error: ${answer.code}`, 22);
  const target = flags.get("o");
  if (target === undefined) print(context, answer.body);
  else if (target !== "/dev/null") context.process.files.write(context.shell.path(target), encode(answer.body));
  if (flags.has("w")) print(context, (flags.get("w") ?? "").replace("%{http_code}", String(answer.code)).replace("\\n", "\n"));
  return 0;
};

const nslookup: Program = async ([name = ""], context: Context) => {
  const addresses = await context.process.resolve(name);
  if (addresses.length === 0) return fail(context, `** server can't find ${name}: NXDOMAIN`);
  print(context, `Name:\t${name}\n${addresses.map((address) => `Address: ${address}\n`).join("")}`);
  return 0;
};

const nc: Program = async (args, context) => {
  const { rest } = options(args, "w");
  const answer = await context.process.fetch(`http://${rest[0] ?? ""}:${rest[1] ?? ""}/`);
  return answer ? 0 : 1;
};

export const netPrograms: Readonly<Record<string, Program>> = { wget, curl, nslookup, nc };
