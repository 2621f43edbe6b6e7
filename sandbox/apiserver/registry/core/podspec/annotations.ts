import type { PodSpec, Toleration } from "../../../../api/types.ts";
import type { ObjectMeta } from "../../../../apimachinery/meta/types.ts";
import { forbiddenField, invalidValue, quoted, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addLocalPathErrors } from "./file-paths.ts";
import type { PodRules } from "./options.ts";
import { addTolerationErrors } from "./tolerations.ts";
import { containersOf } from "./visit.ts";

export const mirrorPod = "kubernetes.io/config.mirror";
export const seccompPod = "seccomp.security.alpha.kubernetes.io/pod";
export const seccompContainerPrefix = "container.seccomp.security.alpha.kubernetes.io/";
export const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
const deletionCost = "controller.kubernetes.io/pod-deletion-cost";
const tolerationsKey = "scheduler.alpha.kubernetes.io/tolerations";

type Annotations = ObjectMeta["annotations"];

/** Whether the deletion cost, if there is one, is a 32-bit integer without a plus sign and leading zeros. */
export const isDeletionCost = (annotations: Annotations): boolean => {
  const cost = annotations?.[deletionCost];
  if (cost === undefined) return true;
  return /^(0|-?[0-9]+)$/.test(cost) && !/^0./.test(cost) && Number(cost) >= -(2 ** 31) && Number(cost) < 2 ** 31;
};

/** Annotations that mean something to pods (ValidatePodSpecificAnnotations). */
export const addPodAnnotationErrors = (
  errors: FieldError[],
  annotations: Annotations,
  spec: PodSpec,
  path: string,
  rules: PodRules,
): void => {
  if (!annotations) return;
  const mirror = annotations[mirrorPod];
  if (mirror !== undefined && !spec.nodeName)
    errors.push(invalidValue(`${path}[${mirrorPod}]`, mirror, "must set spec.nodeName if mirror pod annotation is set"));
  if (annotations[tolerationsKey]) addAnnotatedTolerationErrors(errors, annotations[tolerationsKey], path);
  if (!rules.allowInvalidDeletionCost && !isDeletionCost(annotations))
    errors.push(invalidValue(`${path}[${deletionCost}]`, annotations[deletionCost], "must be a 32bit integer"));
  if (annotations[seccompPod] !== undefined) addSeccompErrors(errors, annotations[seccompPod], `${path}.${seccompPod}`);
  for (const [key, value] of Object.entries(annotations))
    if (key.startsWith(seccompContainerPrefix)) addSeccompErrors(errors, value, `${path}.${key}`);
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(appArmorPrefix)) continue;
    const container = key.slice(appArmorPrefix.length);
    if (!containersOf(spec).some(({ name }) => name === container))
      errors.push(invalidValue(`${path}[${key}]`, container, "container not found"));
    if (!["", "runtime/default", "unconfined"].includes(value) && !value.startsWith("localhost/"))
      errors.push(invalidValue(`${path}[${key}]`, value, `invalid AppArmor profile name: ${quoted(value)}`));
  }
};

const addAnnotatedTolerationErrors = (errors: FieldError[], text: string, path: string): void => {
  let tolerations: unknown;
  try {
    tolerations = JSON.parse(text);
  } catch (error) {
    errors.push(invalidValue(path, tolerationsKey, error instanceof Error ? error.message : String(error)));
    return;
  }
  if (Array.isArray(tolerations)) addTolerationErrors(errors, tolerations as Toleration[], `${path}.${tolerationsKey}`);
};

const addSeccompErrors = (errors: FieldError[], profile: string, path: string): void => {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return;
  if (profile.startsWith("localhost/")) addLocalPathErrors(errors, path, profile.slice("localhost/".length));
  else errors.push(invalidValue(path, profile, "must be a valid seccomp profile"));
};

/** Some of the annotations stay as they were when the pod was made (ValidatePodSpecificAnnotationUpdates). */
export const addPodAnnotationUpdateErrors = (
  errors: FieldError[],
  next: Annotations,
  previous: Annotations,
  spec: PodSpec,
  path: string,
  rules: PodRules,
): void => {
  for (const [key, value] of Object.entries(previous ?? {})) {
    if (next?.[key] === value) continue;
    if (key.startsWith(appArmorPrefix)) errors.push(forbiddenField(`${path}[${key}]`, "may not remove or update AppArmor annotations"));
    if (key === mirrorPod) errors.push(forbiddenField(`${path}[${key}]`, "may not remove or update mirror pod annotation"));
  }
  for (const key of Object.keys(next ?? {})) {
    if (previous && Object.hasOwn(previous, key)) continue;
    if (key.startsWith(appArmorPrefix)) errors.push(forbiddenField(`${path}[${key}]`, "may not add AppArmor annotations"));
    if (key === mirrorPod) errors.push(forbiddenField(`${path}[${key}]`, "may not add mirror pod annotation"));
  }
  addPodAnnotationErrors(errors, next, spec, path, rules);
};
