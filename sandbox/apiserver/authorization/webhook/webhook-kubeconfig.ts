import { parse } from "yaml";
import type { WebhookTarget } from "./webhook-authorizer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where the kubeconfig of a webhook leads. `read` reads a file that it names. Throws an Error of one line for what is none. */
export const webhookTarget = (text: string, read: (path: string) => string): WebhookTarget => {
  const config = fieldsOf(parse(text, { maxAliasCount: 100 }));
  const context = named(config, "contexts", "context", textOf(config, "current-context"));
  const cluster = named(config, "clusters", "cluster", context && textOf(context, "cluster"));
  const user = named(config, "users", "user", context && textOf(context, "user")) ?? {};
  const url = cluster && textOf(cluster, "server");
  if (!cluster || !url?.startsWith("https://")) throw new Error("its cluster has no server with https");
  const pem = (fields: Fields, key: string): string | undefined => {
    const data = textOf(fields, `${key}-data`);
    const path = textOf(fields, key);
    return data === undefined ? (path === undefined ? undefined : read(path)) : Buffer.from(data, "base64").toString("utf8");
  };
  const [ca, cert, key] = [pem(cluster, "certificate-authority"), pem(user, "client-certificate"), pem(user, "client-key")];
  const token = textOf(user, "token");
  return {
    url,
    ...(ca !== undefined && { certificateAuthority: ca }),
    ...(cert !== undefined && { clientCertificate: cert }),
    ...(key !== undefined && { clientKey: key }),
    ...(token !== undefined && { token }),
  };
};

/** The entry of a list by its name; the only one where no name is given. */
const named = (config: Fields, list: string, member: string, name: string | undefined): Fields | undefined => {
  const all = (Array.isArray(config[list]) ? (config[list] as readonly unknown[]) : []).map(fieldsOf);
  const found = name === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((each) => each["name"] === name);
  return found && fieldsOf(found[member]);
};

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const textOf = (fields: Fields, key: string): string | undefined => {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};
