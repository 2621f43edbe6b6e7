import type { AnyObject } from "../../apimachinery/meta/types.ts";

/** What an aggregated API server must know to believe us: PEM certificates of our authorities. */
export interface AuthenticationMaterial {
  readonly clientCa: string;
  readonly frontProxyCa: string;
  readonly frontProxyNames: readonly string[];
}

/** The config map from which extension API servers read how requests reach them. */
export const authenticationConfig = ({ clientCa, frontProxyCa, frontProxyNames }: AuthenticationMaterial): AnyObject => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "extension-apiserver-authentication", namespace: "kube-system" },
  data: {
    "client-ca-file": clientCa,
    "requestheader-allowed-names": JSON.stringify(frontProxyNames),
    "requestheader-client-ca-file": frontProxyCa,
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-username-headers": '["X-Remote-User"]',
  },
});
