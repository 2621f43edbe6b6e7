import { readFile } from "node:fs/promises";
import type { ClusterOptions } from "../cluster/options.ts";
import { Failure, UsageError, type Arguments } from "./verb.ts";

/** kube-apiserver's flags for etcd. */
export const etcdFlags = {
  "etcd-servers": { value: "URLS", help: "Keep the store in this etcd cluster: http(s)://host:port,…" },
  "etcd-cafile": { value: "FILE", help: "Who signs etcd's certificates (PEM)." },
  "etcd-certfile": { value: "FILE", help: "The client certificate for etcd (PEM)." },
  "etcd-keyfile": { value: "FILE", help: "Its key (PEM)." },
};

/** What they say. Throws UsageError, and Failure for a file that cannot be read. */
export const etcdOf = async (given: Arguments): Promise<Pick<ClusterOptions, "etcd">> => {
  const urls = (given.text("etcd-servers") ?? "").split(",").filter((url) => url !== "");
  const [ca, certificate, key] = await Promise.all(["etcd-cafile", "etcd-certfile", "etcd-keyfile"].map((name) => pem(given, name)));
  if ((certificate === undefined) !== (key === undefined)) throw new UsageError("--etcd-certfile and --etcd-keyfile go together");
  if (urls.length === 0) {
    if (ca ?? certificate) throw new UsageError("etcd's certificates need --etcd-servers");
    return {};
  }
  for (const url of urls)
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
      throw new UsageError(`--etcd-servers: ${JSON.stringify(url)} is no http or https URL`);
  return { etcd: { urls, ...(ca && { ca }), ...(certificate && key && { certificate, key }) } };
};

const pem = async (given: Arguments, option: string): Promise<Buffer | undefined> => {
  const file = given.text(option);
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw new Failure(`--${option} cannot be read: ${(error as Error).message}`);
  }
};
