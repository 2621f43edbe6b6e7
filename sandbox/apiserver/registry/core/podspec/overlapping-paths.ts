import type { Volume, VolumeProjection } from "../../../../api/types.ts";

interface File {
  readonly path: string;
  /** What brings it into a projected volume. */
  readonly source?: string;
}

const filesOf = (items: readonly { readonly path?: string }[] | undefined, source?: string): File[] =>
  (items ?? []).map(({ path = "" }) => ({ path, source }));

const filesOfProjection = ({ configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle }: VolumeProjection): File[] => [
  ...filesOf(configMap?.items, `ConfigMap ${JSON.stringify(configMap?.name ?? "")}`),
  ...filesOf(secret?.items, `Secret ${JSON.stringify(secret?.name ?? "")}`),
  ...filesOf(downwardAPI?.items, "DownwardAPI"),
  ...(serviceAccountToken ? [{ path: serviceAccountToken.path ?? "", source: "ServiceAccountToken" }] : []),
  ...(clusterTrustBundle
    ? [
        {
          path: clusterTrustBundle.path ?? "",
          source: `ClusterTrustBundle ${JSON.stringify(clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? "")}`,
        },
      ]
    : []),
];

const overlaps = (left: string, right: string): boolean => `${left}/`.startsWith(`${right}/`) || `${right}/`.startsWith(`${left}/`);
const shown = ({ path, source }: File): string => (source === undefined ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`);

const overlapWarnings = (files: readonly File[], volume: string): string[] => {
  const warnings: string[] = [];
  const before: File[] = [];
  for (const { path, source } of files) {
    if (path === "") continue;
    const file = { path: path.replace(/\/+$/, ""), source };
    for (const other of before)
      if (overlaps(file.path, other.path)) warnings.push(`${volume}: overlapping paths: ${shown(file)} with ${shown(other)}`);
    before.push(file);
  }
  return warnings;
};

/** Files of one volume that hide each other (warningsForOverlappingVirtualPaths). */
export const overlappingPathWarnings = (volumes: readonly Volume[]): string[] =>
  volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const volume = `volume ${JSON.stringify(name ?? "")}`;
    if (configMap) return overlapWarnings(filesOf(configMap.items), `${volume} (ConfigMap ${JSON.stringify(configMap.name ?? "")})`);
    if (secret) return overlapWarnings(filesOf(secret.items), `${volume} (Secret ${JSON.stringify(secret.secretName ?? "")})`);
    if (downwardAPI) return overlapWarnings(filesOf(downwardAPI.items), `${volume} (DownwardAPI)`);
    const sources = projected?.sources ?? [];
    const empty = sources.filter((source) => Object.values(source).every((value) => value === undefined));
    return [
      ...empty.map(() => `${volume} (Projected) has no sources provided`),
      ...(projected ? overlapWarnings(sources.flatMap(filesOfProjection), `${volume} (Projected)`) : []),
    ];
  });
