import type { Container, LimitRange, Pod } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";

const annotation = "kubernetes.io/limit-ranger";

/** Fills in requests and limits that containers leave out, and notes it in an annotation. */
export const fillIn = (pod: Draft<Pod>, { spec }: LimitRange): void => {
  const limits = spec?.limits?.filter(({ type }) => type === "Container") ?? [];
  const requested = Object.assign({}, ...limits.map(({ defaultRequest }) => defaultRequest)) as Readonly<Record<string, string>>;
  const limited = Object.assign({}, ...limits.map((limit) => limit.default)) as Readonly<Record<string, string>>;
  const notes = [
    ...(pod.spec?.containers ?? []).flatMap((container) => fill(container, "container", requested, limited)),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => fill(container, "init container", requested, limited)),
  ];
  if (notes.length === 0) return;
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join("; ")}` };
};

type Values = Readonly<Record<string, string>>;

const fill = (container: Draft<Container>, what: string, requested: Values, limited: Values): string[] => {
  const resources = (container.resources ??= {});
  const set = (side: "requests" | "limits", values: Values): string[] => {
    const missing = Object.keys(values).filter((name) => resources[side]?.[name] === undefined);
    for (const name of missing) resources[side] = { ...resources[side], [name]: values[name]! };
    return missing.sort();
  };
  const limits = set("limits", limited);
  const requests = set("requests", requested);
  return [
    ...(requests.length > 0 ? [`${requests.join(", ")} request for ${what} ${container.name}`] : []),
    ...(limits.length > 0 ? [`${limits.join(", ")} limit for ${what} ${container.name}`] : []),
  ];
};
