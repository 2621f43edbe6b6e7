import { expect, test } from "vitest";
import type { ContainerConfig, ContainerRuntime, PodSandboxConfig } from "./cri.ts";
import type { HostFiles } from "./host-files.ts";

/** A runtime under test. `until` lets time pass until the promise has settled. */
export interface RuntimeUnderTest {
  readonly runtime: ContainerRuntime;
  readonly files: HostFiles;
  until<T>(work: Promise<T>): Promise<T>;
}

const sandboxConfig = (name: string): PodSandboxConfig => ({
  metadata: { name, uid: `uid-${name}`, namespace: "ns", attempt: 0 },
  hostname: name,
  logDirectory: `/var/log/pods/ns_${name}_uid-${name}`,
  dnsConfig: { servers: ["10.96.0.10"], searches: ["ns.svc.cluster.local"], options: ["ndots:5"] },
  labels: { app: name },
  annotations: {},
});

const containerConfig = (command: readonly string[], parts: Partial<ContainerConfig> = {}): ContainerConfig => ({
  metadata: { name: "main", attempt: 0 },
  image: { image: "docker.io/library/busybox:latest" },
  command,
  args: [],
  workingDir: "",
  envs: [],
  mounts: [],
  labels: {},
  annotations: {},
  logPath: "main/0.log",
  stdin: false,
  stdinOnce: false,
  tty: false,
  ...parts,
});

/** The suite of the CRI contract: every runtime passes it. */
export const runtimeCases = (open: () => Promise<RuntimeUnderTest>): void => {
  const started = async (command: readonly string[], parts: Partial<ContainerConfig> = {}) => {
    const opened = await open();
    const { runtime, files } = opened;
    const until = <T>(work: Promise<T>): Promise<T> => opened.until(work);
    const config = sandboxConfig("pod");
    await until(runtime.images.pullImage({ image: "docker.io/library/busybox:latest" }));
    const sandbox = await until(runtime.runtime.runPodSandbox(config));
    const id = await until(runtime.runtime.createContainer(sandbox, containerConfig(command, parts), config));
    await until(runtime.runtime.startContainer(id));
    const ended = async () => {
      for (;;) {
        const status = await until(runtime.runtime.containerStatus(id));
        if (status.state === "CONTAINER_EXITED") return status;
        await until(runtime.runtime.execSync(id, ["sleep", "1"], 5).catch(() => undefined));
      }
    };
    return { runtime: runtime.runtime, all: runtime, files, until, sandbox, id, ended };
  };

  test("a sandbox has an address and the labels it was given", async () => {
    const { runtime, sandbox, until } = await started(["sleep", "100"]);
    const status = await until(runtime.podSandboxStatus(sandbox));
    expect(status).toMatchObject({ state: "SANDBOX_READY", labels: { app: "pod" }, metadata: { name: "pod" } });
    expect(status.ips).toHaveLength(1);
  });

  test("a container that ended says with which code, and when", async () => {
    const { ended } = await started(["sh", "-c", "exit 3"]);
    const status = await ended();
    expect(status).toMatchObject({ exitCode: 3, reason: "Error" });
    expect(status.finishedAtMs).toBeGreaterThanOrEqual(status.startedAtMs!);
  });

  test("output goes to the log, line by line, in CRI's format", async () => {
    const { ended, files } = await started(["sh", "-c", "echo one; echo two >&2"]);
    const { logPath } = await ended();
    const lines = Buffer.from((await files.read(logPath))!)
      .toString()
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual(["stdout F one", "stderr F two"]);
  });

  test("a command within a container answers with its code and output", async () => {
    const { runtime, id, until } = await started(["sleep", "100"], { envs: [{ key: "GREETING", value: "hi" }] });
    const { exitCode, stdout } = await until(runtime.execSync(id, ["sh", "-c", 'echo "$GREETING"; exit 2'], 10));
    expect({ exitCode, out: Buffer.from(stdout).toString() }).toEqual({ exitCode: 2, out: "hi\n" });
  });

  test("a command that takes too long is a deadline exceeded", async () => {
    const { runtime, id, until } = await started(["sleep", "100"]);
    await expect(until(runtime.execSync(id, ["sleep", "60"], 1))).rejects.toMatchObject({ code: "DeadlineExceeded" });
  });

  test("a process that ignores the stop signal is killed when its time is over", async () => {
    const { runtime, id, until } = await started(["sleep", "1000"]);
    await until(runtime.stopContainer(id, 2));
    expect(await until(runtime.containerStatus(id))).toMatchObject({ state: "CONTAINER_EXITED", exitCode: 137 });
  });

  test("a trap lets a process end as it likes", async () => {
    const { runtime, id, until } = await started(["sh", "-c", "trap 'exit 7' TERM; while true; do sleep 1; done"]);
    await until(runtime.stopContainer(id, 30));
    expect(await until(runtime.containerStatus(id))).toMatchObject({ exitCode: 7 });
  });

  test("mounts are read and written, but not where they are read-only", async () => {
    const { runtime, files, id, until } = await started(["sleep", "100"], {
      mounts: [
        { containerPath: "/data", hostPath: "/tmp/cri-cases/data" },
        { containerPath: "/config", hostPath: "/tmp/cri-cases/config", readonly: true },
      ],
    });
    await files.makeDirectory("/tmp/cri-cases/data");
    await files.write("/tmp/cri-cases/config/mode", new TextEncoder().encode("fast"));
    const { stdout, exitCode } = await until(runtime.execSync(id, ["sh", "-c", "cp /config/mode /data/mode && cat /data/mode"], 10));
    expect({ exitCode, out: Buffer.from(stdout).toString() }).toEqual({ exitCode: 0, out: "fast" });
    const refused = await until(runtime.execSync(id, ["sh", "-c", "echo x > /config/mode"], 10));
    expect(Buffer.from(refused.stderr).toString()).toContain("Read-only file system");
  });

  test("resolv.conf and hostname are the sandbox's", async () => {
    const { runtime, id, until } = await started(["sleep", "100"]);
    const { stdout } = await until(runtime.execSync(id, ["cat", "/etc/hostname", "/etc/resolv.conf"], 10));
    expect(Buffer.from(stdout).toString()).toBe("pod\nsearch ns.svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n");
  });

  test("stopping a sandbox ends its containers, and removing it forgets them", async () => {
    const { runtime, id, sandbox, until } = await started(["sleep", "1000"]);
    await until(runtime.stopPodSandbox(sandbox));
    expect(await until(runtime.containerStatus(id))).toMatchObject({ state: "CONTAINER_EXITED" });
    expect(await until(runtime.podSandboxStatus(sandbox))).toMatchObject({ state: "SANDBOX_NOTREADY" });
    await until(runtime.removePodSandbox(sandbox));
    await expect(until(runtime.containerStatus(id))).rejects.toMatchObject({ code: "NotFound" });
    expect(await until(runtime.listContainers({ podSandboxId: sandbox }))).toEqual([]);
  });

  test("stopping or removing what is not there is harmless", async () => {
    const { runtime, until } = await started(["sleep", "1"]);
    await until(runtime.stopContainer("nowhere", 1));
    await until(runtime.removeContainer("nowhere"));
    await until(runtime.removePodSandbox("nowhere"));
  });

  test("a pulled image is listed until it is removed", async () => {
    const { all, until } = await started(["sleep", "1"]);
    const image = { image: "docker.io/library/busybox:latest" };
    expect((await until(all.images.imageStatus(image)))?.repoTags).toEqual([image.image]);
    await until(all.images.removeImage(image));
    expect(await until(all.images.imageStatus(image))).toBeUndefined();
  });
};
