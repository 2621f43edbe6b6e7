const replacements: Readonly<Record<string, readonly [since: string, label: string]>> = {
  "beta.kubernetes.io/arch": ["v1.14", "kubernetes.io/arch"],
  "beta.kubernetes.io/os": ["v1.14", "kubernetes.io/os"],
  "failure-domain.beta.kubernetes.io/region": ["v1.17", "topology.kubernetes.io/region"],
  "failure-domain.beta.kubernetes.io/zone": ["v1.17", "topology.kubernetes.io/zone"],
  "beta.kubernetes.io/instance-type": ["v1.17", "node.kubernetes.io/instance-type"],
};

/** What is said of a label of nodes that has another name now (GetNodeLabelDeprecatedMessage). */
export const nodeLabelDeprecation = (label: string): string | undefined => {
  if (!Object.hasOwn(replacements, label)) return undefined;
  const [since, replacement] = replacements[label]!;
  return `deprecated since ${since}; use "${replacement}" instead`;
};

/** The label that takes an old one's place. */
export const currentNodeLabel = (label: string): string => (Object.hasOwn(replacements, label) ? replacements[label]![1] : label);
