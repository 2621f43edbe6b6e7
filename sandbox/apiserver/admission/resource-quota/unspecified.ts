import { amountsOf } from "../../../api/pod-resources.ts";
import { computeUsage } from "../../../api/quota/usage.ts";
import type { Pod } from "../../../api/types.ts";

const demanded: ReadonlySet<string> = new Set(["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]);

/** What containers must say before a quota can count it: `must specify limits.memory for: c; requests.cpu for: c`. Undefined when they say it all. */
export const unspecified = ({ spec }: Pod, names: readonly string[]): string | undefined => {
  const wanted = names.filter((name) => demanded.has(name)).sort();
  if (wanted.length === 0 || spec?.resources) return undefined;
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const missing = wanted.flatMap((name) => {
    const lacking = containers.filter(
      ({ resources }) => !computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits)).has(name),
    );
    return lacking.length > 0 ? [`${name} for: ${[...new Set(lacking.map((each) => each.name))].sort().join(",")}`] : [];
  });
  return missing.length > 0 ? `must specify ${missing.join("; ")}` : undefined;
};
