import type { Container, Pod, PodStatus, ResourceRequirements } from "../../../../api/types.ts";
import { difference } from "../../../../apimachinery/equality/difference.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { forbiddenField, invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { entryOf } from "../../../../apimachinery/validation/fields.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { mirrorPod } from "../podspec/annotations.ts";
import type { PodRules } from "../podspec/options.ts";
import { computeQOS, qosClassOf } from "./qos.ts";
import { addPodChangeErrors } from "./update.ts";
import { addPodErrors } from "./validation.ts";

/**
 * Everything but the named parts of the spec is as it was; so is the metadata that clients of a subresource may not touch
 * (ResetObjectMetaForStatus), and with it who set what: these writes are nobody's.
 */
export const keepOthers = (draft: Draft<Pod>, previous: Pod): void => {
  const { metadata } = draft;
  const old = previous.metadata as Draft<Pod>["metadata"];
  draft.status = previous.status as Draft<PodStatus>;
  for (const field of [
    "deletionTimestamp",
    "generation",
    "labels",
    "annotations",
    "finalizers",
    "ownerReferences",
    "managedFields",
  ] as const) {
    if (old[field] === undefined) delete metadata[field];
    else (metadata as Record<string, unknown>)[field] = old[field];
  }
};

/** ValidatePodEphemeralContainersUpdate: they come, and stay as they are. */
export const validateEphemeralContainersUpdate = (next: Pod, previous: Pod, rules: PodRules): FieldError[] => {
  if (previous.metadata.annotations?.[mirrorPod] !== undefined)
    return [forbiddenField("[]", "static pods do not support ephemeral containers")];
  const errors: FieldError[] = [];
  addPodChangeErrors(errors, next, previous, rules);
  for (const old of previous.spec.ephemeralContainers ?? []) {
    const container = next.spec.ephemeralContainers?.find(({ name }) => name === old.name);
    const path = "spec.ephemeralContainers";
    if (!container) errors.push(forbiddenField(path, `existing ephemeral containers "${old.name}" may not be removed\n`));
    else if (!isSemanticallyEqual(container, old))
      errors.push(forbiddenField(path, `existing ephemeral containers "${old.name}" may not be changed\n${difference(old, container)}`));
  }
  return errors;
};

/** ValidatePodResize: of a running pod only cpu and memory may change, and not its quality of service. */
export const validateResize = (next: Pod, previous: Pod, rules: PodRules): FieldError[] => {
  if (previous.spec.resources || next.spec.resources) return [forbiddenField("[]", "pods with pod-level resources cannot be resized")];
  if (previous.metadata.annotations?.[mirrorPod] !== undefined) return [forbiddenField("[]", "static pods cannot be resized")];
  if (previous.spec.os?.name === "windows") return [forbiddenField("[]", "windows pods cannot be resized")];
  const errors = [...metadataUpdateErrors(next, previous), ...metadataErrors(next, true)];
  addPodErrors(errors, next, rules);
  if (qosClassOf(previous) !== computeQOS(next.spec))
    errors.push(invalidValue("spec", next.status?.qosClass ?? "", "Pod QOS Class may not change as a result of resizing"));
  const running = previous.status?.containerStatuses?.find(({ state }) => state?.running);
  if (running && !running.resources) errors.push(forbiddenField("spec", "Pod running on node without support for resize"));
  for (const list of ["initContainers", "containers"] as const)
    for (const [at, old] of (previous.spec[list] ?? []).entries()) {
      const container = next.spec[list]?.[at];
      if (container && (list === "containers" || old.restartPolicy === "Always"))
        addResizeErrors(errors, container, old, `spec.${list}[${at}].resources`);
    }
  addOtherChangeErrors(errors, next, previous);
  return errors;
};

const addResizeErrors = (
  errors: FieldError[],
  { resources, resizePolicy }: Container,
  { resources: old }: Container,
  path: string,
): void => {
  for (const list of ["requests", "limits"] as const)
    if (Object.keys(old?.[list] ?? {}).some((name) => entryOf(resources?.[list], name) === undefined))
      errors.push(forbiddenField(`${path}.${list}`, `resource ${list} cannot be removed`));
  const restart = resizePolicy?.find(({ resourceName }) => resourceName === "memory")?.restartPolicy;
  const [limit, oldLimit] = [resources?.limits?.["memory"], old?.limits?.["memory"]];
  if ((restart && restart !== "NotRequired") || limit === undefined) return;
  if (oldLimit === undefined)
    errors.push(forbiddenField(`${path}.limits[memory]`, "memory limits cannot be added unless resizePolicy is RestartContainer"));
  else if (quantityOf(limit).compare(quantityOf(oldLimit)) < 0)
    errors.push(forbiddenField(`${path}.limits[memory]`, "memory limits cannot be decreased unless resizePolicy is RestartContainer"));
};

const addOtherChangeErrors = (errors: FieldError[], next: Pod, previous: Pod): void => {
  const [containers, initContainers] = [previous.spec.containers ?? [], previous.spec.initContainers ?? []];
  for (const [at, old] of containers.entries())
    if (!isSemanticallyEqual(withOldComputeResources(next.spec.containers[at], old), old))
      errors.push(forbiddenField("spec", "only cpu and memory resources are mutable"));
  for (const [at, old] of initContainers.entries()) {
    const container = next.spec.initContainers?.[at];
    const isSidecar = old.restartPolicy === "Always";
    if (!isSemanticallyEqual(isSidecar ? withOldComputeResources(container, old) : container, old))
      errors.push(
        forbiddenField(
          "spec",
          isSidecar
            ? "only cpu and memory resources for sidecar containers are mutable"
            : "resources for non-sidecar init containers are immutable",
        ),
      );
  }
  if (errors.length > 0) return;
  const rest = { ...next.spec, containers, initContainers };
  if (!isSemanticallyEqual(rest, previous.spec)) errors.push(forbiddenField("spec", "only cpu and memory resources are mutable"));
};

const withOldComputeResources = (container: Container | undefined, old: Container): Container | undefined => {
  const merged = (list: "limits" | "requests"): ResourceRequirements["limits"] => {
    const before = old.resources?.[list];
    if (!before) return undefined;
    const { cpu: _cpu, memory: _memory, ...others } = container?.resources?.[list] ?? {};
    return {
      ...others,
      ...(before["cpu"] !== undefined && { cpu: before["cpu"] }),
      ...(before["memory"] !== undefined && { memory: before["memory"] }),
    };
  };
  return container && { ...container, resources: { limits: merged("limits"), requests: merged("requests") } };
};
