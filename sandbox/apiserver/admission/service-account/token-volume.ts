import type { Container, Pod, Volume } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";

const prefix = "kube-api-access-";

/** Where programs in pods look for their token. */
const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Mounts the account's token, the cluster's CA and the namespace's name into every container that has nothing of its own there. */
export const mountToken = (pod: Draft<Pod>, suffix: () => string): void => {
  const spec = pod.spec;
  const existing = spec.volumes?.find(({ name }) => name.startsWith(prefix))?.name;
  const name = existing ?? prefix + suffix();
  const lacking = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter(hasNoToken);
  for (const container of lacking) container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
  if (lacking.length > 0 && existing === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
};

const hasNoToken = ({ volumeMounts }: Draft<Container>): boolean => !volumeMounts?.some((mount) => mount.mountPath === mountPath);

const tokenVolume = (name: string): Draft<Volume> => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
    ],
    defaultMode: 0o644,
  },
});
