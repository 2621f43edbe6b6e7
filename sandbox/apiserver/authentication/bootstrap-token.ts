import { timingSafeEqual } from "node:crypto";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import { fromTime, type Clock } from "../../base/clock/clock.ts";
import type { Reader } from "../cache/watch-cache.ts";
import type { TokenAuthenticator } from "./authenticator.ts";

interface SecretLike extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

const tokenForm = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const groupForm = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** Tokens with which machines join (`kubeadm token create`): secrets `bootstrap-token-ID` in kube-system. */
export const bootstrapTokens =
  (reader: Reader, clock: Clock): TokenAuthenticator =>
  (token) => {
    const [, id, secretPart] = tokenForm.exec(token) ?? [];
    if (id === undefined || secretPart === undefined) return undefined;
    const secret = reader.get("", "secrets", "kube-system", `bootstrap-token-${id}`) as SecretLike | undefined;
    if (!secret || secret.metadata.deletionTimestamp !== undefined || secret.type !== "bootstrap.kubernetes.io/token") return undefined;
    const value = (key: string): string => Buffer.from(secret.data?.[key] ?? "", "base64").toString("utf8");
    if (value("token-id") !== id || !sameText(value("token-secret"), secretPart)) return undefined;
    const expiration = value("expiration");
    if (expiration !== "" && (fromTime(expiration) ?? 0) <= clock.now()) return undefined;
    if (value("usage-bootstrap-authentication") !== "true") return undefined;
    const extraGroups = value("auth-extra-groups")
      .split(",")
      .filter((group) => group !== "");
    if (!extraGroups.every((group) => groupForm.test(group))) return undefined;
    return { user: { name: `system:bootstrap:${id}`, groups: ["system:bootstrappers", ...extraGroups] } };
  };

const sameText = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
