import { hasReason } from "../../apimachinery/errors/status.ts";
import { configMaps, namespaces } from "../../api/resources.ts";
import type { Controller } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { isNamespaceTerminating } from "../workloads/pod-control.ts";

const NAME = "kube-root-ca.crt";
const DESCRIPTION = "kubernetes.io/description";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or " +
  "kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Puts the API server's CA into each namespace, where pods find it. */
export const rootCaCertificatePublisher = (rootCa: string): Controller =>
  defineController({
    name: "root-ca-certificate-publisher-controller",
    alias: "root-ca-cert-publisher",
    account: "root-ca-cert-publisher",
    reconciles: namespaces,
    watches: [
      mapped(configMaps, ({ previous, next }) =>
        (next ?? previous)?.metadata.name === NAME ? [(next ?? previous)!.metadata.namespace ?? ""] : [],
      ),
    ],
    async reconcile(name, { client, cache }) {
      const namespace = cache.get(namespaces, name);
      if (namespace?.status?.phase !== "Active") return;
      const data = { "ca.crt": rootCa };
      const current = cache.get(configMaps, `${name}/${NAME}`);
      try {
        if (!current) {
          await client.create(configMaps, { metadata: { name: NAME, namespace: name, annotations: { [DESCRIPTION]: description } }, data });
          return;
        }
        const isRight =
          Object.keys(current.data ?? {}).length === 1 &&
          current.data?.["ca.crt"] === rootCa &&
          current.metadata.annotations?.[DESCRIPTION] !== undefined;
        if (isRight) return;
        await client.update(configMaps, {
          ...current,
          data,
          metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, [DESCRIPTION]: description } },
        });
      } catch (error) {
        if (!isNamespaceTerminating(error) && !hasReason(error, "AlreadyExists")) throw error;
      }
    },
  });
