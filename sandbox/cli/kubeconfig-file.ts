import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { Failure } from "./verb.ts";

/** What a client needs to reach a cluster as its administrator; certificates and keys in PEM. */
export interface Credentials {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

interface Named {
  readonly name: string;
}

interface Kubeconfig {
  readonly "apiVersion"?: string;
  readonly "kind"?: string;
  readonly "current-context"?: string;
  readonly "clusters"?: readonly Named[] | null;
  readonly "contexts"?: readonly Named[] | null;
  readonly "users"?: readonly Named[] | null;
}

const lists = ["clusters", "contexts", "users"] as const;

/** Writes a context of the cluster's own into a kubeconfig (0600), beside what is there; answers how to take it out again. Throws Failure. */
export const addToKubeconfig = async (file: string, name: string, credentials: Credentials): Promise<() => Promise<void>> => {
  const path = resolve(file);
  const before = await read(path);
  const entries = entriesOf(name, credentials);
  const next: Kubeconfig = { apiVersion: "v1", kind: "Config", ...before };
  const merged = Object.fromEntries(lists.map((list) => [list, [...without(next[list], name), entries[list]]]));
  await write(path, { ...next, ...merged, "current-context": name });
  return () => withdraw(path, name, before?.["current-context"], before === undefined);
};

const entriesOf = (
  name: string,
  { server, certificateAuthority, clientCertificate, clientKey }: Credentials,
): Readonly<Record<(typeof lists)[number], Named>> => {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return {
    clusters: { name, cluster: { server, "certificate-authority-data": base64(certificateAuthority) } } as Named,
    contexts: { name, context: { cluster: name, user: name } } as Named,
    users: { name, user: { "client-certificate-data": base64(clientCertificate), "client-key-data": base64(clientKey) } } as Named,
  };
};

/** Takes the context out; a file that holds nothing else is removed. */
const withdraw = async (path: string, name: string, previousContext: string | undefined, wasNew: boolean): Promise<void> => {
  const now = await read(path).catch(() => undefined);
  if (!now) return;
  const left = Object.fromEntries(lists.map((list) => [list, without(now[list], name)]));
  if (wasNew && lists.every((list) => left[list]?.length === 0)) return rm(path, { force: true });
  const current = now["current-context"] === name ? (previousContext ?? "") : (now["current-context"] ?? "");
  await write(path, { ...now, ...left, "current-context": current });
};

const without = (entries: readonly Named[] | null | undefined, name: string): readonly Named[] =>
  (entries ?? []).filter((entry) => entry.name !== name);

const read = async (path: string): Promise<Kubeconfig | undefined> => {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new Failure(`the kubeconfig ${path} cannot be read: ${(error as Error).message}`);
  });
  if (text.trim() === "") return undefined;
  try {
    const parsed: unknown = parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Said below.
  }
  throw new Failure(`the kubeconfig ${path} is damaged: it is no YAML map`);
};

const write = async (path: string, content: object): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.drydock`, stringify(content), { mode: 0o600 });
    await chmod(`${path}.drydock`, 0o600);
    await rename(`${path}.drydock`, path);
  } catch (error) {
    throw new Failure(`the kubeconfig ${path} cannot be written: ${(error as Error).message}`);
  }
};
