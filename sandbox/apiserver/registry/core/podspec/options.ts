import type { PodSpec, PodTemplateSpec } from "../../../../api/types.ts";
import type { ObjectMeta } from "../../../../apimachinery/meta/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { isEnvVarName, isValidLabelValue } from "../../../../apimachinery/validation/names.ts";
import type { StrategyContext } from "../../strategy.ts";
import { isDeletionCost } from "./annotations.ts";
import { addLocalUnreservedPathErrors } from "./file-paths.ts";
import { isDivisibleHugePages, isHugePages } from "./resource-names.ts";
import { containersOf } from "./visit.ts";
import { sysctlNamespaceError } from "./sysctls.ts";

/**
 * What pods' validation lets pass: new features, and what an object already had when it was stored under laxer rules
 * (PodValidationOptions of GetValidationOptionsFromPodSpecAndMeta).
 */
export interface PodRules {
  /** The spec is a pod's, not a template's. */
  readonly isPod: boolean;
  readonly enabled: StrategyContext["enabled"];
  readonly allowInvalidDeletionCost: boolean;
  readonly allowInvalidLabelValueInSelector: boolean;
  readonly allowInvalidLabelValueInNodeAffinity: boolean;
  readonly allowInvalidSpreadSelector: boolean;
  readonly allowIndivisibleHugePages: boolean;
  readonly allowNonLocalTokenPath: boolean;
  readonly allowNamespacedSysctls: boolean;
  readonly allowRelaxedEnvNames: boolean;
  readonly allowRelaxedDNSSearch: boolean;
}

export interface OldPod {
  readonly spec: PodSpec;
  readonly metadata?: ObjectMeta;
}

/** The rules for a pod or template that takes the place of `old`. */
export const podRules = (isPod: boolean, { enabled }: Pick<StrategyContext, "enabled">, old?: OldPod): PodRules => {
  const strict: PodRules = {
    isPod,
    enabled,
    allowInvalidDeletionCost: !enabled("PodDeletionCost"),
    allowInvalidLabelValueInSelector: false,
    // 1.32 only warns of them.
    allowInvalidLabelValueInNodeAffinity: true,
    allowInvalidSpreadSelector: false,
    allowIndivisibleHugePages: false,
    allowNonLocalTokenPath: false,
    allowNamespacedSysctls: false,
    allowRelaxedEnvNames: enabled("RelaxedEnvironmentVariableValidation"),
    allowRelaxedDNSSearch: enabled("RelaxedDNSSearchValidation"),
  };
  if (!old) return strict;
  const { spec, metadata } = old;
  return {
    ...strict,
    allowInvalidDeletionCost: strict.allowInvalidDeletionCost || !isDeletionCost(metadata?.annotations),
    allowInvalidLabelValueInSelector: hasInvalidAffinitySelector(spec),
    allowInvalidLabelValueInNodeAffinity: hasInvalidNodeAffinity(spec),
    allowInvalidSpreadSelector: (spec.topologySpreadConstraints ?? []).some(
      ({ labelSelector }) => validateLabelSelector(labelSelector, "").length > 0,
    ),
    allowIndivisibleHugePages: hasIndivisibleHugePages(spec),
    allowNonLocalTokenPath: hasNonLocalTokenPath(spec),
    allowNamespacedSysctls: (spec.securityContext?.sysctls ?? []).some(({ name }) => sysctlNamespaceError(name, spec, "") !== undefined),
    allowRelaxedEnvNames: strict.allowRelaxedEnvNames || usesRelaxedEnvNames(spec),
    allowRelaxedDNSSearch:
      strict.allowRelaxedDNSSearch || (spec.dnsConfig?.searches ?? []).some((search) => search === "." || search.includes("_")),
  };
};

const hasInvalidAffinitySelector = ({ affinity }: PodSpec): boolean =>
  [affinity?.podAffinity, affinity?.podAntiAffinity].some((one) =>
    [
      ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ labelSelector, namespaceSelector }) =>
      [labelSelector, namespaceSelector].some(
        (selector) =>
          selector &&
          validateLabelSelector(selector, "").length > 0 &&
          validateLabelSelector(selector, "", { allowInvalidValues: true }).length === 0,
      ),
    ),
  );

const hasInvalidNodeAffinity = ({ affinity }: PodSpec): boolean =>
  (affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).some(({ matchExpressions }) =>
    (matchExpressions ?? []).some(({ values }) => (values ?? []).some((value) => isValidLabelValue(value).length > 0)),
  );

const hasIndivisibleHugePages = (spec: PodSpec): boolean =>
  containersOf(spec).some(({ resources }) =>
    [resources?.limits, resources?.requests].some((list) =>
      Object.entries(list ?? {}).some(([name, quantity]) => isHugePages(name) && !isDivisibleHugePages(name, quantity)),
    ),
  );

const hasNonLocalTokenPath = ({ volumes }: PodSpec): boolean =>
  (volumes ?? []).some(({ projected }) =>
    (projected?.sources ?? []).some(({ serviceAccountToken }) => {
      if (!serviceAccountToken) return false;
      const errors: never[] = [];
      addLocalUnreservedPathErrors(errors, "", serviceAccountToken.path);
      return errors.length > 0;
    }),
  );

const usesRelaxedEnvNames = (spec: PodSpec): boolean =>
  containersOf(spec).some(
    ({ env, envFrom }) =>
      (env ?? []).some(({ name }) => isEnvVarName(name).length > 0) ||
      (envFrom ?? []).some(({ prefix }) => prefix && isEnvVarName(prefix).length > 0),
  );

/** The rules for a template that takes the place of `old`. */
export const templateRules = (context: Pick<StrategyContext, "enabled">, old?: PodTemplateSpec): PodRules =>
  podRules(false, context, old?.spec && { spec: old.spec, ...(old.metadata && { metadata: old.metadata }) });
