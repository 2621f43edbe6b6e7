import type { Container, Pod, ServiceAccount } from "../../../api/types.ts";
import type { Attributes } from "../plugin.ts";
import { refused } from "../refusal.ts";

/** A mirror pod stands for files on a node: it may use nothing that the API server would have to give it. */
export const refuseMirrorReferences = (attributes: Attributes, { spec }: Pod): void => {
  if ((spec?.serviceAccountName ?? "") !== "") throw refused(attributes, "a mirror pod may not reference service accounts");
  if (
    secretsOfVolumes(spec).length > 0 ||
    envSecrets(spec?.containers).length > 0 ||
    envSecrets(spec?.initContainers).length > 0 ||
    (spec?.imagePullSecrets ?? []).length > 0
  )
    throw refused(attributes, "a mirror pod may not reference secrets");
  if (spec?.volumes?.some(({ projected }) => projected?.sources?.some((source) => source.serviceAccountToken)))
    throw refused(attributes, "a mirror pod may not use ServiceAccountToken volume projections");
};

/** An account may say that its pods mount no other secrets than those it lists. */
export const refuseUnmountable = (attributes: Attributes, { spec }: Pod, account: ServiceAccount): void => {
  if (account.metadata.annotations?.["kubernetes.io/enforce-mountable-secrets"] !== "true") return;
  const owner = account.metadata.name ?? "";
  const mountable = new Set((account.secrets ?? []).map(({ name }) => name));
  const why = `is not allowed because service account ${owner} does not reference that secret`;
  for (const secret of secretsOfVolumes(spec))
    if (!mountable.has(secret)) throw refused(attributes, `volume with secret.secretName=${JSON.stringify(secret)} ${why}`);
  for (const [word, containers] of [
    ["init container", spec?.initContainers],
    ["container", spec?.containers],
  ] as const)
    for (const { container, variable, secret } of envSecrets(containers))
      if (!mountable.has(secret))
        throw refused(
          attributes,
          `${word} ${container} with envVar ${variable} referencing secret.secretName=${JSON.stringify(secret)} ${why}`,
        );
  const pullable = new Set((account.imagePullSecrets ?? []).map(({ name }) => name));
  for (const [at, { name = "" }] of (spec?.imagePullSecrets ?? []).entries())
    if (!pullable.has(name))
      throw refused(
        attributes,
        `imagePullSecrets[${String(at)}].name=${JSON.stringify(name)} is not allowed because service account ${owner} does not reference that imagePullSecret`,
      );
};

const secretsOfVolumes = (spec: Pod["spec"]): readonly string[] =>
  (spec?.volumes ?? [])
    .flatMap(({ secret, projected }) => [secret?.secretName, ...(projected?.sources ?? []).map((source) => source.secret?.name)])
    .filter((name) => name !== undefined);

const envSecrets = (containers: readonly Container[] | undefined) =>
  (containers ?? []).flatMap(({ name: container, env, envFrom }) => [
    ...(env ?? []).flatMap(({ name, valueFrom }) =>
      valueFrom?.secretKeyRef ? [{ container, variable: name, secret: valueFrom.secretKeyRef.name ?? "" }] : [],
    ),
    ...(envFrom ?? []).flatMap(({ secretRef, prefix = "" }) =>
      secretRef ? [{ container, variable: prefix, secret: secretRef.name ?? "" }] : [],
    ),
  ]);
