import type { Model, Models } from "./package-reader.ts";

/**
 * The full names of schemas (`io.k8s.api.core.v1.PodSpec`) for the package's class names (`V1PodSpec`), which lost the
 * group. A class's group follows from who refers to it; types that groups share are named here.
 */
export interface NamedModel extends Model {
  readonly schemaName: string;
}

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";
const corePackage = "io.k8s.api.core.v1";

const metaTypes = new Set(
  "APIGroup APIGroupList APIResource APIResourceList APIVersions Condition DeleteOptions FieldSelectorRequirement GroupVersionForDiscovery LabelSelector LabelSelectorRequirement ListMeta ManagedFieldsEntry ObjectMeta OwnerReference Preconditions ServerAddressByClientCIDR Status StatusCause StatusDetails WatchEvent".split(
    " ",
  ),
);

/** Types of the core group that others refer to. */
const coreTypes = new Set(
  "EndpointAddress LocalObjectReference NodeSelector NodeSelectorRequirement NodeSelectorTerm ObjectReference PersistentVolumeClaim PersistentVolumeSpec PodTemplateSpec Toleration TopologySelectorLabelRequirement TopologySelectorTerm TypedLocalObjectReference".split(
    " ",
  ),
);

const packages: Readonly<Record<string, string>> = {
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

/** `rbac.authorization.k8s.io` → `rbac`, the name of the Go package; `core` for the core group. */
export const packageOf = (group: string): string =>
  group === "" ? "core" : group.split(".")[0] === "internal" ? "apiserverinternal" : group.split(".")[0]!;

/** The schema of a group's kind or struct. */
export const schemaNameOf = (group: string, version: string, name: string): string => {
  if (metaTypes.has(name)) return `${metaPackage}.${name}`;
  const short = packageOf(group);
  return `${packages[short] ?? `io.k8s.api.${short}`}.${version}.${name}`;
};

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The class that stands for a schema: with the group in front where names would collide. */
export const classNameOf = (schemaName: string, models: Models): string | undefined => {
  if (schemaName === "io.k8s.apimachinery.pkg.version.Info") return "VersionInfo";
  const [group = "", version = "", name = ""] = schemaName.split(".").slice(-3);
  const candidates = [`${capitalized(group)}${capitalized(version)}${name}`, `${capitalized(version)}${name}`];
  return candidates.find((candidate) => models.has(candidate));
};

/** The classes that a field's type mentions. */
export const referencesIn = (type: string): readonly string[] =>
  type.match(/\b(?:[A-Z][A-Za-z]*)?V\d+(?:(?:alpha|beta)\d+)?[A-Z]\w*/g) ?? [];

/** Follows references from the roots (schema names), and gives every class that is reached its full name. */
export const reachableFrom = (roots: Iterable<string>, models: Models): ReadonlyMap<string, NamedModel> => {
  const reached = new Map<string, NamedModel>();
  const visit = (schemaName: string, className: string): void => {
    const model = models.get(className);
    if (model === undefined || reached.has(className)) return;
    reached.set(className, { ...model, schemaName });
    for (const field of model.fields)
      for (const reference of referencesIn(field.type)) visit(referredName(reference, schemaName), reference);
  };
  for (const root of roots) {
    const className = classNameOf(root, models);
    if (className === undefined) throw new Error(`the package has no class for ${root}`);
    visit(root, className);
  }
  return reached;
};

/** The full name of the class `reference`, seen in a field of the schema `from`. */
const referredName = (reference: string, from: string): string => {
  const [, prefix = "", version = "", name = ""] = /^([A-Z][A-Za-z]*?)?(V\d+(?:(?:alpha|beta)\d+)?)([A-Z]\w*)$/.exec(reference) ?? [];
  const lower = version.toLowerCase();
  if (prefix !== "") return schemaNameOf(prefix.toLowerCase() === "core" ? "" : prefix.toLowerCase(), lower, name);
  if (metaTypes.has(name)) return `${metaPackage}.${name}`;
  if (coreTypes.has(name)) return `${corePackage}.${name}`;
  return `${from.split(".").slice(0, -2).join(".")}.${lower}.${name}`;
};
