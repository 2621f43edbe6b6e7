import type { Container, LoadBalancerStatus } from "../../api/types.ts";
import { formatLabelSelector, type LabelSelector } from "../../apimachinery/labels/label-selector.ts";

/** `a=1,b=2` in the order of the keys; `<none>`. */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string => {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? "<none>" : pairs.map(([key, value]) => `${key}=${value}`).join(",");
};

export const selectorText = (selector: LabelSelector | undefined): string => formatLabelSelector(selector);

export const containerNames = (containers: readonly Pick<Container, "name">[] | undefined): string =>
  (containers ?? []).map(({ name }) => name).join(",");
export const containerImages = (containers: readonly Pick<Container, "image">[] | undefined): string =>
  (containers ?? []).map(({ image = "" }) => image).join(",");

/** At most three, and how many more there are. */
export const firstThree = (list: readonly string[]): string => {
  const shown = list.slice(0, 3).join(",");
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
};

const accessModeNames: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** `RWO,ROX`: in Kubernetes' order, each once. */
export const accessModesText = (modes: readonly string[] | undefined): string =>
  Object.keys(accessModeNames)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => accessModeNames[mode]!)
    .join(",");

export const loadBalancerText = ({ ingress = [] }: LoadBalancerStatus = {}): string =>
  [...new Set(ingress.flatMap(({ ip, hostname }) => ip || hostname || []))].sort().join(",");

export const trueOrFalse = (value: boolean | undefined): string => (value === undefined ? "<unset>" : value ? "True" : "False");

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const hostPort = (host: string, port: number | string): string => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
