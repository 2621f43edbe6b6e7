import type { PodSpec, PodTemplateSpec } from "../../../../api/types.ts";
import { validateLabels } from "../../../../apimachinery/labels/label-selector.ts";
import type { ObjectMeta } from "../../../../apimachinery/meta/types.ts";
import { forbiddenField, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addAnnotationErrors } from "../../../../apimachinery/validation/object-meta.ts";
import { addPodAnnotationErrors, appArmorPrefix, seccompContainerPrefix, seccompPod } from "./annotations.ts";
import type { PodRules } from "./options.ts";
import { addPodSpecErrors } from "./pod-spec.ts";
import { visitContainers } from "./visit.ts";

/** ValidatePodTemplateSpec: the metadata's errors are told beside it, upstream's oddity. */
export const addPodTemplateErrors = (errors: FieldError[], { metadata, spec }: PodTemplateSpec, path: string, rules: PodRules): void => {
  const podSpec = spec ?? emptySpec;
  addTemplateMetadataErrors(errors, metadata, podSpec, path, rules);
  addPodSpecErrors(errors, podSpec, undefined, `${path}.spec`, rules);
  addProfileConflicts(errors, metadata, podSpec, `${path}.spec`);
  if (podSpec.ephemeralContainers?.length)
    errors.push(forbiddenField(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
};

const emptySpec: PodSpec = { containers: [] };

/** Labels and annotations of a template: all that a StatefulSet's is checked for. */
export const addTemplateMetadataErrors = (
  errors: FieldError[],
  metadata: ObjectMeta | undefined,
  spec: PodSpec | undefined,
  path: string,
  rules: PodRules,
): void => {
  if (metadata?.labels) errors.push(...validateLabels(metadata.labels, `${path}.labels`));
  addAnnotationErrors(errors, metadata?.annotations, `${path}.annotations`);
  addPodAnnotationErrors(errors, metadata?.annotations, spec ?? emptySpec, `${path}.annotations`, rules);
};

/** Profiles may be given by field and by annotation, but not differently (validateSeccompAnnotationsAndFields and its AppArmor twin). */
export const addProfileConflicts = (errors: FieldError[], metadata: ObjectMeta | undefined, spec: PodSpec, path: string): void => {
  const annotations = metadata?.annotations;
  if (!annotations) return;
  const ofPod = spec.securityContext?.seccompProfile;
  if (ofPod) addConflict(errors, annotations[seccompPod], ofPod, "seccomp", `${path}.securityContext.seccompProfile`);
  visitContainers(spec, path, ({ name, securityContext }, field) => {
    const profile = securityContext?.seccompProfile;
    if (profile)
      addConflict(errors, annotations[seccompContainerPrefix + name], profile, "seccomp", `${field}.securityContext.seccompProfile`);
  });
  if (spec.os?.name === "windows") return;
  visitContainers(spec, path, ({ name, securityContext }, field) => {
    const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    if (profile) addConflict(errors, annotations[appArmorPrefix + name], profile, "apparmor", `${field}.securityContext.appArmorProfile`);
  });
};

const addConflict = (
  errors: FieldError[],
  annotation: string | undefined,
  { type, localhostProfile }: { readonly type: string; readonly localhostProfile?: string },
  what: "seccomp" | "apparmor",
  path: string,
): void => {
  if (annotation === undefined) return;
  const local = annotation.startsWith("localhost/") ? annotation.slice("localhost/".length) : undefined;
  const isSameType =
    type === "Unconfined"
      ? annotation === "unconfined"
      : type === "RuntimeDefault"
        ? annotation === "runtime/default" || (what === "seccomp" && annotation === "docker/default")
        : type !== "Localhost" || local !== undefined;
  if (!isSameType) errors.push(forbiddenField(`${path}.type`, `${what} type in annotation and field must match`));
  else if (type === "Localhost" && local !== localhostProfile)
    errors.push(forbiddenField(`${path}.localhostProfile`, `${what} profile in annotation and field must match`));
};
