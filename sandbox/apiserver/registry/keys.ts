/** Resources whose keys do not simply carry their own name: upstream's storage layout (SpecialDefaultResourcePrefixes). */
const prefixes: Readonly<Record<string, string>> = {
  "replicationcontrollers": "controllers",
  "endpoints": "services/endpoints",
  "services": "services/specs",
  "nodes": "minions",
  "ingresses.networking.k8s.io": "ingress",
  "podsecuritypolicies.policy": "podsecuritypolicy",
  "apiservices.apiregistration.k8s.io": "apiregistration.k8s.io/apiservices",
  "customresourcedefinitions.apiextensions.k8s.io": "apiextensions.k8s.io/customresourcedefinitions",
};

/** Where all that the API server stores begins. */
export const registryPrefix = "/registry/";

/** `/registry/<resource>/` for built-in kinds, `/registry/<group>/<resource>/` for custom ones. */
export const prefixOf = ({
  group,
  resource,
  custom,
}: {
  readonly group: string;
  readonly resource: string;
  readonly custom?: boolean;
}): string => {
  if (custom) return `${registryPrefix}${group}/${resource}/`;
  const special = prefixes[group === "" ? resource : `${resource}.${group}`];
  return `${registryPrefix}${special ?? resource}/`;
};

/** The prefix a key may have: its first segment after `/registry/`, or its first two. */
export const prefixesOfKey = (key: string): readonly [string, string] => {
  const first = key.indexOf("/", registryPrefix.length) + 1;
  const second = key.indexOf("/", first) + 1;
  return [key.slice(0, first), second === 0 ? key.slice(0, first) : key.slice(0, second)];
};
