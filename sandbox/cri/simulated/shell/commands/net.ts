import type { DnsRecord, RecordType } from "../../../../network/network.ts";
import { fail, print, type Context, type Program } from "./command.ts";
import { curl, nc, wget } from "./http.ts";

const isAddress = (text: string): boolean => /^\d+(\.\d+){3}$/.test(text);
const reversed = (address: string): string => `${address.split(".").reverse().join(".")}.in-addr.arpa`;

const nslookup: Program = (args, context) => {
  const { network } = context.process;
  const type = (args.find((arg) => /^-(type|querytype|q)=/.test(arg))?.replace(/^.*=/, "") ?? "A").toUpperCase() as RecordType;
  const [asked = ""] = args.filter((arg) => !arg.startsWith("-"));
  const [server = "127.0.0.1"] = network.resolver.servers;
  print(context, `Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  if (isAddress(asked)) {
    const { records } = network.lookup(reversed(asked), "PTR", false);
    if (records.length === 0) return fail(context, `** server can't find ${reversed(asked)}: NXDOMAIN`);
    print(context, `${records.map(({ data }) => `${reversed(asked)}\tname = ${data.replace(/\.$/, "")}\n`).join("")}\n`);
    return 0;
  }
  const { records, name, code } = network.lookup(asked, type, true);
  if (code === "SERVFAIL") return fail(context, `nslookup: can't resolve '${asked}'`);
  if (records.length === 0 && code === "NXDOMAIN") return fail(context, `** server can't find ${asked}: NXDOMAIN`);
  for (const { name: own, type: kind, data } of records) {
    if (kind === "CNAME") print(context, `${own}\tcanonical name = ${data.replace(/\.$/, "")}\n`);
    else if (kind === "SRV") print(context, `${own}\tservice = ${data}\n`);
    else print(context, `Name:\t${own}\nAddress: ${data}\n`);
  }
  if (records.length === 0) print(context, `*** Can't find ${name}: No answer\n`);
  print(context, "\n");
  return 0;
};

const recordLine = ({ name, ttl, type, data }: DnsRecord): string => `${name}.\t\t${ttl}\tIN\t${type}\t${data}\n`;

const types = new Set<string>(["A", "AAAA", "SRV", "PTR", "CNAME"]);

const dig: Program = (args, context: Context) => {
  const at = args.indexOf("-x");
  const words = args.filter((arg, index) => !/^[+@-]/.test(arg) && !(at >= 0 && index === at + 1));
  const type = (words.find((word) => types.has(word.toUpperCase()))?.toUpperCase() ?? (at >= 0 ? "PTR" : "A")) as RecordType;
  const asked = at >= 0 ? reversed(args[at + 1] ?? "") : (words.find((word) => !types.has(word.toUpperCase()) && word !== "IN") ?? "");
  const { records, code } = context.process.network.lookup(
    args.includes("+search") ? asked : `${asked.replace(/\.$/, "")}.`,
    type,
    args.includes("+search"),
  );
  if (code === "SERVFAIL") return fail(context, ";; connection timed out; no servers could be reached", 9);
  if (args.includes("+short")) print(context, records.map(({ data }) => `${data}\n`).join(""));
  else {
    if (!args.includes("+noall"))
      print(
        context,
        `;; ->>HEADER<<- opcode: QUERY, status: ${code}\n;; QUESTION SECTION:\n;${asked.replace(/\.$/, "")}.\t\tIN\t${type}\n\n;; ANSWER SECTION:\n`,
      );
    print(context, records.map(recordLine).join(""));
  }
  return 0;
};

/** `getent hosts NAME`: by `/etc/hosts`, then DNS. */
const getent: Program = ([database, name = ""], context) => {
  const addresses = database === "hosts" || database === "ahosts" ? context.process.network.resolve(name) : [];
  print(context, addresses.map((address) => `${address.padEnd(17)} ${name}\n`).join(""));
  return addresses.length > 0 ? 0 : 2;
};

const ping: Program = async (args, context) => {
  const count = Math.min(100, Number(args[args.indexOf("-c") + 1]) || 4);
  const host = args.filter((arg, at) => !arg.startsWith("-") && !/^-[cWwis]$/.test(args[at - 1] ?? "")).at(-1) ?? "";
  const [address] = context.process.network.resolve(host);
  if (address === undefined) return fail(context, `ping: bad address '${host}'`);
  print(context, `PING ${host} (${address}): 56 data bytes\n`);
  // Whoever refuses a connection is there; only addresses that nobody has stay silent.
  const there = context.process.network.connect(address, 0) !== "dropped";
  for (let sequence = 0; sequence < count; sequence++) {
    if (sequence > 0) await context.process.clock.sleep(1000, context.process.killed);
    if (there) print(context, `64 bytes from ${address}: seq=${sequence} ttl=64 time=0.050 ms\n`);
  }
  print(
    context,
    `\n--- ${host} ping statistics ---\n${count} packets transmitted, ${there ? count : 0} packets received, ${there ? 0 : 100}% packet loss\n`,
  );
  return there ? 0 : 1;
};

export const netPrograms: Readonly<Record<string, Program>> = { wget, curl, nslookup, dig, getent, nc, ping };
