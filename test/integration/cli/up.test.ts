import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Drydock, drydock } from "./drydock.ts";

const bare = ["--disable", "scheduler,controller-manager,kubelet"];

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "drydock-cli-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe("drydock up", { timeout: 60_000 }, () => {
  test("prints one line when it is ready, and leaves nothing behind when it ends", async () => {
    const kubeconfig = join(home, "kubeconfig");
    const up = new Drydock(home, "up", "--memory", ...bare, "--kubeconfig", kubeconfig);
    const line = await up.firstLine();
    expect(line).toMatch(/^ready https:\/\/127\.0\.0\.1:[0-9]+ kubeconfig /);
    expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
    const { code, stdout } = await up.signal("SIGTERM");
    expect(code).toBe(0);
    expect(stdout).toBe(`${line}\n`);
    await expect(stat(kubeconfig)).rejects.toThrow("ENOENT");
  });

  test("its context joins a kubeconfig that is there, and is taken out again", async () => {
    const kubeconfig = join(home, "shared");
    const other = {
      "apiVersion": "v1",
      "kind": "Config",
      "current-context": "mine",
      "clusters": [{ name: "mine", cluster: { server: "https://example.test" } }],
      "contexts": [{ name: "mine", context: { cluster: "mine", user: "me" } }],
      "users": [{ name: "me", user: {} }],
    };
    await writeFile(kubeconfig, JSON.stringify(other));
    const up = new Drydock(home, "up", "--memory", ...bare, "--kubeconfig", kubeconfig);
    await up.firstLine();
    const during = parse(await readFile(kubeconfig, "utf8")) as typeof other;
    expect(during.contexts.map(({ name }) => name)).toEqual(["mine", "drydock"]);
    expect(during["current-context"]).toBe("drydock");
    await up.signal("SIGINT");
    expect(parse(await readFile(kubeconfig, "utf8"))).toEqual(other);
  });

  test("status sees it, kubeconfig prints how to reach it, down ends it", async () => {
    const up = new Drydock(home, "up", "--memory", ...bare);
    await up.firstLine();
    const status = await drydock(home, "status", "-o", "json");
    expect((JSON.parse(status.stdout) as { sandboxes: unknown[] }).sandboxes).toHaveLength(1);
    expect((await drydock(home, "kubeconfig")).stdout).toContain("current-context: drydock");
    expect((await drydock(home, "down")).code).toBe(0);
    expect((await up.ended()).code).toBe(0);
    expect((await drydock(home, "status")).code).toBe(1);
  });

  test("what is in a data folder is there again after the next start, with the same certificates", async () => {
    const dataDir = join(home, "kept");
    const first = new Drydock(home, "up", "--data-dir", dataDir, ...bare);
    await first.firstLine();
    await first.signal("SIGTERM");
    const certificate = await readFile(join(dataDir, "pki", "ca.crt"), "utf8");
    const second = new Drydock(home, "up", "--data-dir", dataDir, ...bare);
    await second.firstLine();
    expect(await readFile(join(dataDir, "pki", "ca.crt"), "utf8")).toBe(certificate);
    const { stderr } = await drydock(home, "up", "--data-dir", dataDir, ...bare);
    expect(stderr).toMatch(/^drydock: .*\n$/);
    await second.signal("SIGTERM");
  });
});

describe("drydock up says in one line why it cannot", { timeout: 60_000 }, () => {
  const refused = async (code: number, said: RegExp, ...words: readonly string[]): Promise<void> => {
    const ended = await drydock(home, "up", ...words);
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(ended.stdout).toBe("");
    expect(ended.code).toBe(code);
  };

  test("a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await refused(1, /port [0-9]+ of 127\.0\.0\.1 is taken/, "--memory", ...bare, "--port", String(port));
    server.close();
  });

  test("a data folder that is a file", async () => {
    const file = join(home, "file");
    await writeFile(file, "");
    await refused(1, /the data folder .* cannot be used/, "--data-dir", file, ...bare);
  });

  test("a store that is damaged", async () => {
    const folder = join(home, "damaged", "store");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "snapshot.db"), "this is no snapshot");
    await refused(1, /the cluster did not start: /, "--data-dir", join(home, "damaged"), ...bare);
  });

  test("a kubeconfig that is damaged", async () => {
    const file = join(home, "broken");
    await writeFile(file, "[1, 2");
    await refused(1, /the kubeconfig .* is damaged/, "--memory", ...bare, "--kubeconfig", file);
  });

  test.each([
    ["a flag that it does not know", ["--nope"], /unknown flag: --nope/],
    ["a flag without its value", ["--port"], /flag needs an argument: --port/],
    ["a port that is no number", ["--port", "x"], /--port must be a whole number/],
    ["a release that it does not serve", ["--kubernetes-version", "1.1"], /--kubernetes-version is /],
    ["a component that it does not have", ["--disable", "etcd"], /--disable knows /],
    ["a service range that is none", ["--service-cluster-ip-range", "10.x"], /is no CIDR/],
    ["memory and a folder at once", ["--memory", "--data-dir", "x"], /exclude each other/],
  ])("%s", (_what, words, said) => refused(2, said, ...words));
});
