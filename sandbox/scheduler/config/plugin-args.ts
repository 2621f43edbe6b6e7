import type { NodeAffinity } from "../../api/types.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../apimachinery/validation/field-error.ts";
import { isQualifiedName } from "../../apimachinery/validation/names.ts";
import type { UtilizationPoint } from "../plugins/allocation-strategies.ts";
import type { ScoringStrategy } from "../plugins/node-resources-fit.ts";
import type { DefaultConstraint } from "../plugins/pod-topology-spread/constraints.ts";
import type { ResourceSpec } from "../plugins/resource-allocation.ts";
import type { PluginArgs } from "./registry.ts";

type Given = Readonly<Record<string, unknown>>;

const cpuAndMemory: readonly ResourceSpec[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

const resourceSpecs = (value: unknown): readonly ResourceSpec[] => {
  const given = value as readonly { readonly name: string; readonly weight?: number }[] | undefined;
  return given?.length ? given.map(({ name, weight }) => ({ name, weight: weight || 1 })) : cpuAndMemory;
};

const strategyOf = (value: unknown): ScoringStrategy => {
  const given = (value ?? {}) as Given;
  return {
    type: (given["type"] as ScoringStrategy["type"] | undefined) ?? "LeastAllocated",
    resources: resourceSpecs(given["resources"]),
    requestedToCapacityRatio: given["requestedToCapacityRatio"] as ScoringStrategy["requestedToCapacityRatio"],
  };
};

/** A plugin's arguments by what the profile says, the rest as upstream's defaults. */
export const pluginArgs = (given: ReadonlyMap<string, Given>): PluginArgs => {
  const of = (name: string): Given => given.get(name) ?? {};
  const preemption = of("DefaultPreemption");
  const interPodAffinity = of("InterPodAffinity");
  const fit = of("NodeResourcesFit");
  const spread = of("PodTopologySpread");
  return {
    DefaultPreemption: {
      minCandidateNodesPercentage: number(preemption["minCandidateNodesPercentage"], 10),
      minCandidateNodesAbsolute: number(preemption["minCandidateNodesAbsolute"], 100),
    },
    InterPodAffinity: {
      hardPodAffinityWeight: number(interPodAffinity["hardPodAffinityWeight"], 1),
      ignorePreferredTermsOfExistingPods: interPodAffinity["ignorePreferredTermsOfExistingPods"] === true,
    },
    NodeAffinity: { addedAffinity: of("NodeAffinity")["addedAffinity"] as NodeAffinity | undefined },
    NodeResourcesBalancedAllocation: { resources: resourceSpecs(of("NodeResourcesBalancedAllocation")["resources"]) },
    NodeResourcesFit: {
      ignoredResources: (fit["ignoredResources"] as readonly string[] | undefined) ?? [],
      ignoredResourceGroups: (fit["ignoredResourceGroups"] as readonly string[] | undefined) ?? [],
      scoringStrategy: strategyOf(fit["scoringStrategy"]),
    },
    PodTopologySpread: {
      defaultingType: (spread["defaultingType"] as "System" | "List" | undefined) ?? (spread["defaultConstraints"] ? "List" : "System"),
      defaultConstraints: (spread["defaultConstraints"] as readonly DefaultConstraint[] | undefined) ?? [],
    },
    VolumeBinding: { bindTimeoutSeconds: number(of("VolumeBinding")["bindTimeoutSeconds"], 600) },
  };
};

const outside = (value: number, least: number, most: number): boolean => !Number.isInteger(value) || value < least || value > most;

/** What is wrong with the arguments of a profile's plugins. `path` is that of `pluginConfig`. */
export const validatePluginArgs = (args: PluginArgs, given: ReadonlyMap<string, number>, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const at = (plugin: keyof PluginArgs, field: string): string => `${path}[${String(given.get(plugin) ?? 0)}].args.${field}`;
  const {
    DefaultPreemption: preemption,
    InterPodAffinity: affinity,
    NodeResourcesFit: fit,
    PodTopologySpread: spread,
    VolumeBinding: volumes,
  } = args;

  const percentage = preemption.minCandidateNodesPercentage;
  if (outside(percentage, 0, 100))
    errors.push(invalidValue(at("DefaultPreemption", "minCandidateNodesPercentage"), percentage, "not in valid range [0, 100]"));
  if (outside(preemption.minCandidateNodesAbsolute, 0, Infinity))
    errors.push(
      invalidValue(
        at("DefaultPreemption", "minCandidateNodesAbsolute"),
        preemption.minCandidateNodesAbsolute,
        "not in valid range [0, inf)",
      ),
    );
  if (percentage === 0 && preemption.minCandidateNodesAbsolute === 0)
    errors.push(
      invalidValue(
        at("DefaultPreemption", "minCandidateNodesPercentage"),
        percentage,
        "cannot be zero at the same time as minCandidateNodesAbsolute",
      ),
    );
  if (outside(affinity.hardPodAffinityWeight, 0, 100))
    errors.push(
      invalidValue(at("InterPodAffinity", "hardPodAffinityWeight"), affinity.hardPodAffinityWeight, "not in valid range [0, 100]"),
    );
  if (outside(volumes.bindTimeoutSeconds, 0, Infinity))
    errors.push(
      invalidValue(
        at("VolumeBinding", "bindTimeoutSeconds"),
        volumes.bindTimeoutSeconds,
        "invalid BindTimeoutSeconds, should not be a negative value",
      ),
    );

  errors.push(...resourcesErrors(args.NodeResourcesBalancedAllocation.resources, at("NodeResourcesBalancedAllocation", "resources"), 1));
  const strategy = at("NodeResourcesFit", "scoringStrategy");
  if (!["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"].includes(fit.scoringStrategy.type))
    errors.push(
      notSupported(`${strategy}.type`, fit.scoringStrategy.type, ["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"]),
    );
  errors.push(...resourcesErrors(fit.scoringStrategy.resources, `${strategy}.resources`, 100));
  if (fit.scoringStrategy.type === "RequestedToCapacityRatio")
    errors.push(...shapeErrors(fit.scoringStrategy.requestedToCapacityRatio?.shape ?? [], `${strategy}.requestedToCapacityRatio.shape`));
  fit.ignoredResourceGroups?.forEach((group, index) => {
    if (group.includes("/"))
      errors.push(
        invalidValue(
          `${at("NodeResourcesFit", "ignoredResourceGroups")}[${String(index)}]`,
          group,
          "resource group name can't contain '/'",
        ),
      );
  });

  if (spread.defaultingType === "System" && spread.defaultConstraints?.length)
    errors.push(
      invalidValue(
        at("PodTopologySpread", "defaultConstraints"),
        spread.defaultConstraints,
        'when ".defaultingType" is "System", no defaultConstraints can be given',
      ),
    );
  spread.defaultConstraints?.forEach((constraint, index) =>
    errors.push(...constraintErrors(constraint, `${at("PodTopologySpread", "defaultConstraints")}[${String(index)}]`)),
  );
  return errors;
};

const resourcesErrors = (resources: readonly ResourceSpec[], path: string, most: number): FieldError[] =>
  resources.flatMap(({ name, weight }, index) => [
    ...isQualifiedName(name).map((sentence) => invalidValue(`${path}[${String(index)}].name`, name, sentence)),
    ...(outside(weight, 1, most)
      ? [
          invalidValue(
            `${path}[${String(index)}].weight`,
            weight,
            most === 1 ? "resource weight must be 1" : `resource weight of ${name} not in valid range [1, ${String(most)}]`,
          ),
        ]
      : []),
  ]);

const shapeErrors = (shape: readonly UtilizationPoint[], path: string): FieldError[] => {
  if (shape.length === 0) return [required(path, "at least one point must be specified")];
  return shape.flatMap(({ utilization, score }, index) => {
    const errors: FieldError[] = [];
    if (outside(utilization, 0, 100))
      errors.push(invalidValue(`${path}[${String(index)}].utilization`, utilization, "not in valid range [0, 100]"));
    if (outside(score, 0, 10)) errors.push(invalidValue(`${path}[${String(index)}].score`, score, "not in valid range [0, 10]"));
    if (index > 0 && utilization <= shape[index - 1]!.utilization)
      errors.push(
        invalidValue(`${path}[${String(index)}].utilization`, utilization, "utilization values must be sorted in increasing order"),
      );
    return errors;
  });
};

const constraintErrors = (constraint: DefaultConstraint, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  if (!(constraint.maxSkew > 0)) errors.push(invalidValue(`${path}.maxSkew`, constraint.maxSkew, "not in valid range (0, inf)"));
  if (!constraint.topologyKey) errors.push(required(`${path}.topologyKey`, "can not be empty"));
  if (!["DoNotSchedule", "ScheduleAnyway"].includes(constraint.whenUnsatisfiable))
    errors.push(notSupported(`${path}.whenUnsatisfiable`, constraint.whenUnsatisfiable, ["DoNotSchedule", "ScheduleAnyway"]));
  if ("labelSelector" in constraint)
    errors.push(forbiddenField(`${path}.labelSelector`, "constraint must not define a selector, as they deduced for each pod"));
  return errors;
};
