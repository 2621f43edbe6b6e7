import { packVersions, type PackVersion } from "../api/pack/load-pack.ts";
import { defaultVersion } from "../cluster/options.ts";
import { UsageError, type Arguments, type OptionRule } from "./verb.ts";

/** `--kubernetes-version`, for verbs that run or check by the rules of a release. */
export const kubernetesVersionOption: Readonly<Record<string, OptionRule>> = {
  "kubernetes-version": { value: "VERSION", help: `Which release: ${packVersions.join(" or ")} (default ${defaultVersion}).` },
};

/** The release that was asked for; `1.32`, `v1.32` and `1.32.4` are the same. Throws UsageError for one that is not known. */
export const kubernetesVersionOf = (given: Arguments): PackVersion => {
  const asked = given.text("kubernetes-version") ?? defaultVersion;
  const minor = /^v?([0-9]+\.[0-9]+)/.exec(asked)?.[1];
  const known = packVersions.find((version) => version === minor);
  if (!known) throw new UsageError(`--kubernetes-version is ${packVersions.join(" or ")}, not ${JSON.stringify(asked)}`);
  return known;
};
