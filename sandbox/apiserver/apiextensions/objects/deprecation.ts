import type { CustomResourceDefinition, DefinitionVersion } from "../definition/definition.ts";

const kubeVersion = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/;

/** Kubernetes' order of versions: v2, v1, v1beta1, v1alpha1, and others by name at the end. Negative when `a` comes first. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [kubeVersion.exec(a), kubeVersion.exec(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const stage = (match: RegExpExecArray): number => (match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0);
  return stage(right) - stage(left) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0);
};

/** The warning that requests to a deprecated version get; undefined where it is not deprecated. */
export const deprecationOf = (
  { spec }: CustomResourceDefinition,
  { name, deprecated, deprecationWarning }: DefinitionVersion,
): string | undefined => {
  if (!deprecated) return undefined;
  if (deprecationWarning !== undefined) return deprecationWarning;
  const newer = spec.versions
    .filter((version) => version.served && !version.deprecated && compareVersions(version.name, name) < 0)
    .map((version) => version.name)
    .sort(compareVersions)[0];
  const words = `${spec.group}/${name} ${spec.names.kind} is deprecated`;
  return newer === undefined ? words : `${words}; use ${spec.group}/${newer} ${spec.names.kind}`;
};
