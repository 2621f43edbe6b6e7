import { hasReason } from "../../apimachinery/errors/status.ts";
import { keyOf } from "../../apimachinery/meta/types.ts";
import { secrets, serviceAccounts } from "../../api/resources.ts";
import type { Secret, ServiceAccount } from "../../api/types.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { index, mapped } from "../framework/watches.ts";

const TYPE = "kubernetes.io/service-account-token";
const NAME = "kubernetes.io/service-account.name";
const UID = "kubernetes.io/service-account.uid";
const BY_ACCOUNT = "token-account";

export interface TokenMaterial {
  readonly rootCa: string;
  /** Signs a token that lives as long as the Secret it is in. */
  readonly signToken: (claims: Readonly<Record<string, string>>) => Promise<string>;
}

/** Fills Secrets that ask for a ServiceAccount's token, and deletes them with their account. */
export const serviceAccountTokenController = (material: TokenMaterial): Controller =>
  defineController<Secret>({
    name: "serviceaccount-token-controller",
    alias: "serviceaccount-token",
    account: "kube-controller-manager",
    reconciles: secrets,
    wants: ({ previous, next }) => (next ?? previous)?.type === TYPE,
    watches: [
      mapped(serviceAccounts, ({ previous, next }, { cache }) =>
        next && previous ? [] : cache.indexed(secrets, BY_ACCOUNT, keyOf((next ?? previous)!)).map(keyOf),
      ),
    ],
    indexes: [index(secrets, BY_ACCOUNT, (secret) => (secret.type === TYPE ? [accountKeyOf(secret)] : []))],
    workers: (options) => options.concurrentServiceAccountSyncs,
    maxRetries: 10,
    async reconcile(key, context) {
      const secret = context.cache.get(secrets, key);
      if (!secret) return forget(context, key);
      const name = secret.metadata.annotations?.[NAME];
      if (!name) return;
      const account = await accountOf(context, secret, name);
      if (account) await fill(context, secret, account, material);
      else await remove(context, secret);
    },
  });

const accountKeyOf = ({ metadata }: Secret): string => `${metadata.namespace ?? ""}/${metadata.annotations?.[NAME] ?? ""}`;

/** The account, if it is still the one that the Secret was made for; the cache may be behind. */
const accountOf = async ({ cache, client }: Reconcile, { metadata }: Secret, name: string): Promise<ServiceAccount | undefined> => {
  const uid = metadata.annotations?.[UID];
  const { namespace = "" } = metadata;
  const isRight = (account: ServiceAccount): boolean => !uid || account.metadata.uid === uid;
  const cached = cache.get(serviceAccounts, `${namespace}/${name}`);
  if (cached && isRight(cached)) return cached;
  try {
    const fresh = await client.get(serviceAccounts, { namespace, name });
    return isRight(fresh) ? fresh : undefined;
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
};

const fill = async ({ client, clock }: Reconcile, secret: Secret, { metadata: account }: ServiceAccount, material: TokenMaterial) => {
  const { namespace = "", name = "" } = secret.metadata;
  const { data = {} } = secret;
  const rootCa = base64(material.rootCa);
  if (data["ca.crt"] === rootCa && data["namespace"] && data["token"]) return;
  const signed = (): Promise<string> =>
    material.signToken({
      "iss": "kubernetes/serviceaccount",
      "kubernetes.io/serviceaccount/namespace": namespace,
      "kubernetes.io/serviceaccount/secret.name": name,
      "kubernetes.io/serviceaccount/service-account.name": account.name ?? "",
      "kubernetes.io/serviceaccount/service-account.uid": account.uid ?? "",
      "sub": `system:serviceaccount:${namespace}:${account.name ?? ""}`,
    });
  const token = data["token"] || base64(await clock.busy(signed()));
  try {
    await client.update(secrets, {
      ...secret,
      metadata: {
        ...secret.metadata,
        annotations: { ...secret.metadata.annotations, [NAME]: account.name ?? "", [UID]: account.uid ?? "" },
      },
      data: { ...data, "ca.crt": rootCa, "namespace": data["namespace"] || base64(namespace), token },
    });
  } catch (error) {
    // Whoever changed it has put it on the queue again.
    if (!hasReason(error, "Conflict") && !hasReason(error, "NotFound")) throw error;
  }
};

const remove = async ({ client }: Reconcile, { metadata: { namespace, name = "", uid } }: Secret): Promise<void> => {
  try {
    const place = namespace === undefined ? { name } : { namespace, name };
    await client.delete(secrets, place, { preconditions: uid === undefined ? {} : { uid } });
  } catch (error) {
    if (!hasReason(error, "Conflict") && !hasReason(error, "NotFound")) throw error;
  }
};

/** An account does not go on naming a token that is gone. */
const forget = async ({ client, cache }: Reconcile, key: string): Promise<void> => {
  const [namespace = "", name = ""] = key.split("/");
  for (const account of cache.inNamespace(serviceAccounts, namespace)) {
    if (!account.secrets?.some((reference) => reference.name === name)) continue;
    await client.update(serviceAccounts, { ...account, secrets: account.secrets.filter((reference) => reference.name !== name) });
  }
};

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
