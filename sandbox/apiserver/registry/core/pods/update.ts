import type { Container, NodeAffinity, Pod, PodSpec, Toleration } from "../../../../api/types.ts";
import { difference } from "../../../../apimachinery/equality/difference.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { forbiddenField, goStringMap, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { rangeSentence } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { addPodAnnotationUpdateErrors } from "../podspec/annotations.ts";
import { addImageSpaceErrors } from "../podspec/containers.ts";
import type { PodRules } from "../podspec/options.ts";
import { addTolerationErrors } from "../podspec/tolerations.ts";
import { addNodeAffinityMutationErrors } from "./gated-update.ts";
import { addPodErrors } from "./validation.ts";

const updatableFields = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
];

const mostSeconds = 2 ** 31 - 1;

/** What every change of a pod is checked for: the new pod as a whole, and its annotations. */
export const addPodChangeErrors = (errors: FieldError[], next: Pod, previous: Pod, rules: PodRules): void => {
  errors.push(...metadataUpdateErrors(next, previous), ...metadataErrors(next, true));
  addPodErrors(errors, next, rules);
  addPodAnnotationUpdateErrors(errors, next.metadata.annotations, previous.metadata.annotations, next.spec, "metadata.annotations", rules);
};

/** ValidatePodUpdate: little of a pod may change once it is there. */
export const validatePodUpdate = (next: Pod, previous: Pod, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  addPodChangeErrors(errors, next, previous, rules);
  if (!addContainerListErrors(errors, next.spec.containers, previous.spec.containers, "spec.containers")) return errors;
  if (!addContainerListErrors(errors, next.spec.initContainers, previous.spec.initContainers, "spec.initContainers")) return errors;
  if (!addDeadlineErrors(errors, next.spec.activeDeadlineSeconds, previous.spec.activeDeadlineSeconds)) return errors;
  addTolerationChangeErrors(errors, next.spec.tolerations ?? [], previous.spec.tolerations ?? []);
  addGateChangeErrors(errors, next.spec, previous.spec);
  if (isSemanticallyEqual(next.spec, previous.spec)) return errors;
  const rest = withoutUpdatable(next.spec, previous.spec);
  if (previous.spec.schedulingGates?.length) forgetGatedChanges(errors, rest, previous.spec);
  if (!isSemanticallyEqual(rest, previous.spec)) {
    const words = `pod updates may not change fields other than ${updatableFields.join(",")}\n${difference(previous.spec, rest)}`;
    errors.push(forbiddenField("spec", words));
  }
  return errors;
};

/** Answers whether it makes sense to look further (ValidateContainerUpdates). */
const addContainerListErrors = (
  errors: FieldError[],
  next: readonly Container[] | undefined,
  previous: readonly Container[] | undefined,
  path: string,
): boolean => {
  if ((next?.length ?? 0) !== (previous?.length ?? 0)) {
    errors.push(forbiddenField(path, "pod updates may not add or remove containers"));
    return false;
  }
  next?.forEach((container, at) => {
    if (!container.image) errors.push(required(`${path}[${at}].image`));
    addImageSpaceErrors(errors, container, `${path}[${at}]`);
  });
  return true;
};

/** A deadline may be set, or brought forward. */
const addDeadlineErrors = (errors: FieldError[], next: number | undefined, previous: number | undefined): boolean => {
  const path = "spec.activeDeadlineSeconds";
  if (next === undefined) {
    if (previous !== undefined) errors.push(invalidValue(path, undefined, "must not update from a positive integer to nil value"));
    return true;
  }
  if (next < 0 || next > mostSeconds) errors.push(invalidValue(path, next, rangeSentence(0, mostSeconds)));
  else if (previous !== undefined && previous < next) errors.push(invalidValue(path, next, "must be less than or equal to previous value"));
  else return true;
  return false;
};

const addTolerationChangeErrors = (errors: FieldError[], next: readonly Toleration[], previous: readonly Toleration[]): void => {
  const isKept = (old: Toleration): boolean =>
    next.some((toleration) => isSemanticallyEqual(toleration, { ...old, tolerationSeconds: toleration.tolerationSeconds }));
  if (previous.every(isKept)) addTolerationErrors(errors, next, "spec.tolerations");
  else errors.push(forbiddenField("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
};

const addGateChangeErrors = (errors: FieldError[], { schedulingGates }: PodSpec, previous: PodSpec): void => {
  const old = new Set((previous.schedulingGates ?? []).map(({ name }) => name));
  schedulingGates?.forEach(({ name }, at) => {
    if (!old.has(name))
      errors.push(forbiddenField(`spec.schedulingGates[${at}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`));
  });
};

/** The new spec with the old values of what may change: what still differs may not. */
const withoutUpdatable = (next: PodSpec, previous: PodSpec): Draft<PodSpec> => {
  const withOldImages = (containers: readonly Container[] | undefined, old: readonly Container[] | undefined) =>
    containers?.map((container, at) => ({ ...container, image: old?.[at]?.image }));
  const keepsGracePeriod = (previous.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1;
  return {
    ...next,
    containers: withOldImages(next.containers, previous.containers),
    initContainers: withOldImages(next.initContainers, previous.initContainers),
    activeDeadlineSeconds: previous.activeDeadlineSeconds,
    schedulingGates: previous.schedulingGates,
    tolerations: previous.tolerations,
    ...(keepsGracePeriod && { terminationGracePeriodSeconds: previous.terminationGracePeriodSeconds }),
  } as Draft<PodSpec>;
};

/** While a pod is gated, its choice of nodes may still become narrower. */
const forgetGatedChanges = (errors: FieldError[], rest: Draft<PodSpec>, previous: PodSpec): void => {
  if (!isSemanticallyEqual(rest.nodeSelector, previous.nodeSelector)) {
    const isKept = Object.entries(previous.nodeSelector ?? {}).every(([key, value]) => rest.nodeSelector?.[key] === value);
    const words = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
    if (!isKept) errors.push(invalidValue("spec.nodeSelector", goStringMap(rest.nodeSelector), words));
    rest.nodeSelector = previous.nodeSelector;
  }
  const old: NodeAffinity | undefined = previous.affinity?.nodeAffinity;
  if (isSemanticallyEqual(rest.affinity?.nodeAffinity, old)) return;
  addNodeAffinityMutationErrors(errors, rest.affinity?.nodeAffinity, old);
  rest.affinity = { ...rest.affinity, nodeAffinity: old } as Draft<PodSpec["affinity"]>;
};
