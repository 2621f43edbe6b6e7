import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { StatusError } from "../apimachinery/errors/status.ts";
import { RemoteApi, type Connection } from "../client/rest/remote-api.ts";
import { chosenRun } from "./runs.ts";
import { Failure, type Arguments } from "./verb.ts";

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly "clusters"?: readonly { readonly name: string; readonly cluster?: Readonly<Record<string, string | boolean>> }[];
  readonly "contexts"?: readonly { readonly name: string; readonly context?: Readonly<Record<string, string>> }[];
  readonly "users"?: readonly { readonly name: string; readonly user?: Readonly<Record<string, string>> }[];
}

/** Which cluster is meant, as every verb that asks one takes it. */
export const clusterOptions = {
  kubeconfig: { value: "FILE", help: "The cluster of this kubeconfig's current context (default: the running sandbox)." },
} as const;

/** Runs `work` with a way to the cluster that is meant. What the server refuses, or cannot be reached, becomes a Failure. */
export const withCluster = async <Answer>(
  given: Arguments,
  work: (api: RemoteApi, namespace: string) => Promise<Answer>,
): Promise<Answer> => {
  const file = given.text("kubeconfig") ?? (await chosenRun(given)).kubeconfig;
  const { connection, namespace } = await connectionOf(resolve(file));
  const api = new RemoteApi(connection);
  try {
    return await work(api, given.text("namespace") ?? namespace);
  } catch (error) {
    if (error instanceof StatusError) throw new Failure(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new Failure(`${connection.server} cannot be reached: ${message || code}`);
    throw error;
  } finally {
    api.close();
  }
};

const connectionOf = async (file: string): Promise<{ readonly connection: Connection; readonly namespace: string }> => {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new Failure(`the kubeconfig ${file} cannot be read: ${(error as Error).message}`);
  });
  const config = readKubeconfig(file, text);
  const named = config.contexts?.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters?.find(({ name }) => name === named?.["cluster"])?.cluster;
  const user = config.users?.find(({ name }) => name === named?.["user"])?.user ?? {};
  if (typeof cluster?.["server"] !== "string") throw new Failure(`the kubeconfig ${file} has no current context with a server`);
  if ("exec" in user || "auth-provider" in user)
    throw new Failure(`the kubeconfig ${file} gets its credentials from a plugin, which is not supported`);
  const pem = async (from: Readonly<Record<string, unknown>>, key: string): Promise<string | undefined> => {
    const data = from[`${key}-data`];
    if (typeof data === "string") return Buffer.from(data, "base64").toString("utf8");
    const path = from[key];
    return typeof path === "string" ? read(resolve(dirname(file), path)) : undefined;
  };
  const [certificateAuthority, clientCertificate, clientKey] = await Promise.all([
    pem(cluster, "certificate-authority"),
    pem(user, "client-certificate"),
    pem(user, "client-key"),
  ]);
  const token = user["token"] ?? (user["tokenFile"] === undefined ? undefined : (await read(user["tokenFile"])).trim());
  const serverName = cluster["tls-server-name"];
  return {
    namespace: named?.["namespace"] ?? "default",
    connection: {
      server: cluster["server"],
      insecure: cluster["insecure-skip-tls-verify"] === true,
      ...(certificateAuthority !== undefined && { certificateAuthority }),
      ...(clientCertificate !== undefined && { clientCertificate }),
      ...(clientKey !== undefined && { clientKey }),
      ...(token !== undefined && { token }),
      ...(typeof serverName === "string" && { serverName }),
    },
  };
};

const readKubeconfig = (file: string, text: string): Kubeconfig => {
  try {
    const value: unknown = parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new Failure(`the kubeconfig ${file} is damaged: it is no YAML map`);
};

const read = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((error: unknown) => {
    throw new Failure(`${path} cannot be read: ${(error as Error).message}`);
  });
