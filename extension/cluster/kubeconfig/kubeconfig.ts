import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";

/** Where an API server answers, and who we are to it: the current context of a kubeconfig. */
export interface Credentials {
  readonly server: string;
  /** PEM. */
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly token?: string;
  /** The context's namespace, else `default`. */
  readonly namespace: string;
}

interface Named {
  readonly name: string;
}
interface Kubeconfig {
  readonly "current-context"?: string;
  readonly "contexts"?: readonly (Named & {
    readonly context?: { readonly cluster?: string; readonly user?: string; readonly namespace?: string };
  })[];
  readonly "clusters"?: readonly (Named & { readonly cluster?: Readonly<Record<string, string>> })[];
  readonly "users"?: readonly (Named & { readonly user?: Readonly<Record<string, string>> })[];
}

const named = <T extends Named>(list: readonly T[] | undefined, name: string | undefined): T | undefined =>
  list?.find((each) => each.name === name);

/** Reads the current context of a kubeconfig file. Fails when the file, the context or its cluster is missing. */
export const readKubeconfig = async (file: string): Promise<Credentials> => {
  const config = parse(await readFile(file, "utf8")) as Kubeconfig;
  const context = named(config.contexts, config["current-context"])?.context;
  const cluster = named(config.clusters, context?.cluster)?.cluster;
  const user = named(config.users, context?.user)?.user ?? {};
  const server = cluster?.["server"];
  if (cluster === undefined || server === undefined) throw new Error(`${file} has no current context with a server`);
  /** `<name>-data` holds base64, `<name>` a file beside the kubeconfig. */
  const held = async (from: Readonly<Record<string, string>>, name: string): Promise<Buffer | undefined> => {
    const data = from[`${name}-data`];
    if (data !== undefined) return Buffer.from(data, "base64");
    const path = from[name];
    return path === undefined ? undefined : readFile(resolve(dirname(file), path));
  };
  const [ca, cert, key] = await Promise.all([
    held(cluster, "certificate-authority"),
    held(user, "client-certificate"),
    held(user, "client-key"),
  ]);
  return { server, ca, cert, key, token: user["token"], namespace: context?.namespace ?? "default" };
};
