import { expect, test } from "vitest";
import { ClusterClock } from "../../../base/clock/cluster-clock.ts";
import { SeededRandom } from "../../../base/random/random.ts";
import { SimulatedNetwork } from "../../../network/simulated/simulated-network.ts";
import { ContainerFiles } from "../container-files.ts";
import { MemoryFiles } from "../memory-files.ts";
import { PortTable, processNetwork } from "../process-network.ts";
import { decode, type Process } from "./process.ts";
import { Shell } from "./shell.ts";

const run = async (script: string, input?: string): Promise<{ out: string; err: string; code: number }> => {
  const host = new MemoryFiles();
  host.writeNow("/volumes/config/mode", Buffer.from("fast\n"));
  host.writeNow("/volumes/config/size", Buffer.from("3"));
  const clock = new ClusterClock({ start: Date.UTC(2026, 0, 2, 3, 4, 5), speed: 0 });
  const killed = new AbortController();
  const files = new ContainerFiles({
    host,
    root: "/containers/web/rootfs",
    mounts: [{ containerPath: "/etc/config", hostPath: "/volumes/config", readonly: true }],
    readonlyRoot: false,
    given: new Map([["/etc/resolv.conf", () => "search shop.svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"]]),
    uid: 0,
    gid: 0,
  });
  const wires = new SimulatedNetwork();
  wires.nameServer = (_server, name, type) =>
    name === "web.shop.svc.cluster.local" && type === "A"
      ? { code: "NOERROR", records: [{ name, type, ttl: 5, data: "10.0.0.1" }] }
      : { code: "NXDOMAIN", records: [] };
  wires.listen("10.0.0.1", {
    listens: (port) => port === 80,
    request: () => Promise.resolve({ code: 200, contentType: "text/plain", body: "hello\n" }),
  });
  const process: Process = {
    clock,
    random: new SeededRandom(1),
    files,
    hostname: "web-1",
    uid: 0,
    gid: 0,
    groups: [],
    killed: killed.signal,
    onSignal: () => () => undefined,
    network: processNetwork({ network: wires, files, addresses: ["10.0.0.9"], hostname: "web-1", node: "ann", ports: new PortTable() }),
    processes: () => [{ pid: 1, command: "sh" }],
  };
  let out = "";
  let err = "";
  const pending = input === undefined ? [] : [Buffer.from(input)];
  const stdio = {
    read: () => Promise.resolve(pending.shift()),
    out: (chunk: Uint8Array) => void (out += decode(chunk)),
    err: (chunk: Uint8Array) => void (err += decode(chunk)),
    tty: false,
  };
  const running = new Shell(
    process,
    new Map([
      ["GREETING", "hi there"],
      ["HOME", "/root"],
    ]),
    "/",
  ).run(script, stdio);
  const done = running.then(
    () => true,
    () => false,
  );
  await clock.advance(120_000);
  killed.abort(new Error("killed"));
  await Promise.race([done, clock.settle()]);
  return { out, err, code: await running.catch(() => 137) };
};

test.each([
  ["quotes and variables", `echo "$GREETING" '$GREETING' \${MISSING:-none} \${#GREETING}`, "hi there $GREETING none 8\n"],
  [
    "unquoted values are split, quoted ones are not",
    `set -- $GREETING "$GREETING"; echo $#; for a in "$@"; do echo "<$a>"; done`,
    "3\n<hi>\n<there>\n<hi there>\n",
  ],
  ["command substitution and arithmetic", `n=$(cat /etc/config/size); echo $((n * 2 + 1)) $(hostname)`, "7 web-1\n"],
  ["and, or and exit codes", `false || echo no; true && echo yes; false; echo $?`, "no\nyes\n1\n"],
  [
    "if, test and case",
    `if [ -f /etc/config/mode ]; then case $(cat /etc/config/mode) in f*) echo quick;; *) echo slow;; esac; fi`,
    "quick\n",
  ],
  [
    "loops that sleep take cluster time",
    `i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); sleep 10; done; date +%T`,
    "0\n1\n2\n03:04:35\n",
  ],
  ["pipes and programs", `printf 'b\\na\\nb\\n' | sort | uniq -c | grep -v a | tr -d ' '`, "2b\n"],
  [
    "redirection to files",
    `mkdir -p /data && echo one > /data/f && echo two >> /data/f && cat /data/f && wc -l < /data/f`,
    "one\ntwo\n2\n",
  ],
  ["functions and parameters", `greet() { echo "hello $1"; return 3; }; greet you; echo $?`, "hello you\n3\n"],
  ["patterns find files", `cd /etc/config && echo * && echo \${GREETING%% *}`, "mode size\nhi\n"],
  ["trap at the end", `trap 'echo bye' EXIT; echo work`, "work\nbye\n"],
  ["errexit ends the script", `set -e; echo a; false; echo b`, "a\n"],
  ["web requests by the cluster's network", `wget -qO- http://web:80/ && curl -s http://nobody || echo down`, "hello\ndown\n"],
])("%s", async (_title, script, out) => {
  expect((await run(script)).out).toBe(out);
});

test("a read-only mount refuses writes, in the C library's words", async () => {
  expect(await run("echo x > /etc/config/new")).toMatchObject({
    code: 1,
    err: "sh: can't create /etc/config/new: Read-only file system\n",
  });
});

test("an unknown command is not found, and says that the container is simulated", async () => {
  const { code, err } = await run("java -version");
  expect(code).toBe(127);
  expect(err).toContain("java: not found");
  expect(err).toContain("simulated");
});

test("a syntax error is the shell's own, with exit code 2", async () => {
  expect(await run("if true; then echo")).toMatchObject({ code: 2, out: "" });
});

test.each([
  "while true; do :; done",
  "yes | head -1000000 > /dev/null; f() { f; }; echo ok",
  "((((((((",
  "echo $(((((((1",
  "case a in (a|b",
  `${"(".repeat(5000)}echo`,
  "$($($($(",
  `echo \``,
])("a hostile script neither hangs nor crashes: %.20s", async (script) => {
  expect(typeof (await run(script)).code).toBe("number");
});
