import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ipaddr from "ipaddr.js";
import { startCluster, type Cluster } from "../cluster/cluster.ts";
import { defaultIssuer, defaultServiceRange, type ComponentName } from "../cluster/options.ts";
import { controllerFlags, controllerOptionsFrom } from "../controllers/flags.ts";
import { accessFlags, accessOptions } from "./access-options.ts";
import { consoleLog } from "./console-log.ts";
import { etcdFlags, etcdOf } from "./etcd.ts";
import { drydockHome } from "./home.ts";
import { addToKubeconfig } from "./kubeconfig-file.ts";
import { kubernetesVersionOf, kubernetesVersionOption } from "./kubernetes-version.ts";
import { announce, endRun, runningSandboxes } from "./runs.ts";
import { Failure, outputOption, UsageError, wantsJson, type Arguments, type Verb } from "./verb.ts";

const components: readonly ComponentName[] = ["scheduler", "controller-manager", "proxy", "dns", "kubelet"];

/** `drydock up`: a cluster in the foreground, until SIGTERM or SIGINT. */
export const up: Verb = {
  name: "up",
  help: "run a cluster in the foreground",
  options: {
    "port": { value: "N", help: "Where to listen; 0 picks a free port (default 0)." },
    "host": { value: "ADDRESS", help: "Which address to listen on (default 127.0.0.1)." },
    "data-dir": { value: "DIR", help: "Where the cluster is kept (default ~/.drydock/data)." },
    "replace": { help: "End the sandbox first that keeps its data in the same folder." },
    "memory": { help: "Keep nothing." },
    ...etcdFlags,
    "kubeconfig": { value: "FILE", help: "Add a context to this file; it is taken out at the end." },
    "nodes": { value: "N", help: "How many simulated nodes to start with (default 1)." },
    "seed": { value: "N", help: "What chance begins with." },
    "disable": { value: "LIST", help: `What not to run: ${components.join(",")}.`, repeated: true },
    "scheduler-config": { value: "FILE", help: "A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1)." },
    ...kubernetesVersionOption,
    "service-cluster-ip-range": { value: "CIDR", help: `Addresses of Services (default ${defaultServiceRange}).` },
    "service-account-issuer": { value: "URL", help: `Who issues tokens (default ${defaultIssuer}).` },
    "write-credentials": { value: "DIR", help: "Write ca.crt, admin.crt and admin.key there." },
    "verbose": { help: "Say more on standard error." },
    ...accessFlags,
    ...Object.fromEntries(Object.entries(controllerFlags).map(([name, { help }]) => [name, { value: "VALUE", help }])),
    ...outputOption,
  },
  async run(given, console) {
    if (given.words.length > 0) throw new UsageError(`up takes no words, but was given ${JSON.stringify(given.words[0])}`);
    const asJson = wantsJson(given);
    const options = {
      ...optionsOf(given),
      ...(await schedulerConfig(given.text("scheduler-config"))),
      ...(await etcdOf(given)),
      ...(await accessOptions(given)),
    };
    if (options.dataDir !== undefined) await writable(options.dataDir);
    if (given.flag("replace")) for (const run of await runningSandboxes()) if (run.dataDir === options.dataDir) await endRun(run);
    const scratch = options.dataDir === undefined ? await mkdtemp(join(tmpdir(), "drydock-")) : undefined;
    const cleanUps: (() => Promise<void>)[] = scratch === undefined ? [] : [() => rm(scratch, { recursive: true, force: true })];
    try {
      const cluster = await started(options, given);
      cleanUps.unshift(() => cluster.stop());
      const { ca, admin } = cluster.controlPlane.pki;
      const kubeconfig = resolve(given.text("kubeconfig") ?? join(options.dataDir ?? scratch ?? "", "kubeconfig"));
      const url = cluster.url ?? "";
      const credentials = { server: url, certificateAuthority: ca.certificate, clientCertificate: admin.certificate, clientKey: admin.key };
      cleanUps.unshift(await addToKubeconfig(kubeconfig, "drydock", credentials));
      const folder = given.text("write-credentials");
      if (folder !== undefined)
        await writeCredentials(folder, { "ca.crt": ca.certificate, "admin.crt": admin.certificate, "admin.key": admin.key });
      const run = {
        pid: process.pid,
        url,
        kubeconfig,
        ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
        kubernetesVersion: options.kubernetesVersion,
        nodes: options.nodes,
      };
      cleanUps.unshift(await announce(run).catch(() => () => Promise.resolve()));
      console.print(asJson ? JSON.stringify({ ready: true, ...run }) : `ready ${url} kubeconfig ${kubeconfig}`);
      if (!console.signal.aborted) await new Promise((end) => console.signal.addEventListener("abort", end, { once: true }));
      return 0;
    } finally {
      for (const cleanUp of cleanUps) await cleanUp();
    }
  },
};

const optionsOf = (given: Arguments) => {
  if (given.flag("memory") && given.text("data-dir") !== undefined) throw new UsageError("--memory and --data-dir exclude each other");
  const dataDir = given.flag("memory") ? undefined : resolve(given.text("data-dir") ?? join(drydockHome(), "data"));
  const kubernetesVersion = kubernetesVersionOf(given);
  const disable = given
    .texts("disable")
    .flatMap((list) => list.split(","))
    .filter((name) => name !== "");
  for (const name of disable)
    if (!components.includes(name as ComponentName))
      throw new UsageError(`--disable knows ${components.join(", ")}, not ${JSON.stringify(name)}`);
  const serviceClusterIpRange = given.text("service-cluster-ip-range") ?? defaultServiceRange;
  for (const range of serviceClusterIpRange.split(","))
    if (!ipaddr.isValidCIDR(range)) throw new UsageError(`--service-cluster-ip-range: ${JSON.stringify(range)} is no CIDR`);
  const nodes = disable.includes("kubelet") ? 0 : (given.integer("nodes", { most: 100_000 }) ?? 1);
  const seed = given.integer("seed");
  return {
    controllerOptions: controllersOf(given),
    live: true,
    kubernetesVersion,
    disable: disable as ComponentName[],
    serviceClusterIpRange,
    nodes,
    issuer: given.text("service-account-issuer") ?? defaultIssuer,
    listen: { port: given.integer("port", { most: 65_535 }) ?? 0, host: given.text("host") ?? "127.0.0.1" },
    ...(seed !== undefined && { seed }),
    ...(dataDir === undefined ? { pkiDir: join(drydockHome(), "memory") } : { dataDir }),
    dataDir,
  };
};

const controllersOf = (given: Arguments) => {
  try {
    return controllerOptionsFrom((flag) => given.text(flag));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

const schedulerConfig = async (file: string | undefined): Promise<{ readonly schedulerConfig?: string }> => {
  if (file === undefined) return {};
  try {
    return { schedulerConfig: await readFile(file, "utf8") };
  } catch (error) {
    throw new Failure(`the scheduler's configuration cannot be read: ${(error as Error).message}`);
  }
};

const writable = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.R_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(`the data folder ${folder} cannot be used: ${(error as Error).message}`);
  }
};

const started = async (options: ReturnType<typeof optionsOf>, given: Arguments): Promise<Cluster> => {
  try {
    return await startCluster({ ...options, log: consoleLog(given.flag("verbose") ? "debug" : "warn") });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const { port, host } = options.listen;
    if (code === "EADDRINUSE") throw new Failure(`port ${String(port)} of ${host} is taken`);
    if (code === "EACCES") throw new Failure(`port ${String(port)} of ${host} may not be used: ${message}`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw new Failure(`${host} is no address of this machine`);
    throw new Failure(`the cluster did not start: ${message}`);
  }
};

const writeCredentials = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 });
};
