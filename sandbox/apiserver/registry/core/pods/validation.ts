import type { Pod } from "../../../../api/types.ts";
import { forbiddenField, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addPodAnnotationErrors } from "../podspec/annotations.ts";
import { addImageSpaceErrors } from "../podspec/containers.ts";
import type { PodRules } from "../podspec/options.ts";
import { addPodSpecErrors } from "../podspec/pod-spec.ts";
import { addProfileConflicts } from "../podspec/template.ts";

/** Everything wrong with a new pod but its metadata (ValidatePodCreate). */
export const validatePod = (pod: Pod, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  const { metadata, spec } = pod;
  addPodErrors(errors, pod, rules);
  if (spec.ephemeralContainers?.length) errors.push(forbiddenField("spec.ephemeralContainers", "cannot be set on create"));
  if (spec.nodeName && spec.schedulingGates?.length)
    errors.push(forbiddenField("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  addProfileConflicts(errors, metadata, spec, "spec");
  return errors;
};

/** What holds of a pod at all times (validatePodMetadataAndSpec, without the metadata). */
export const addPodErrors = (errors: FieldError[], { metadata, spec }: Pod, rules: PodRules): void => {
  addPodAnnotationErrors(errors, metadata.annotations, spec, "metadata.annotations", rules);
  addPodSpecErrors(errors, spec, metadata, "spec", rules);
  if (!spec.serviceAccountName)
    spec.volumes?.forEach(({ projected }, at) => {
      projected?.sources?.forEach(({ serviceAccountToken }, sourceAt) => {
        const path = `spec.volumes[${at}].projected.sources[${sourceAt}].serviceAccountToken`;
        if (serviceAccountToken) errors.push(forbiddenField(path, "must not be specified when serviceAccountName is not set"));
      });
    });
  spec.containers?.forEach((container, at) => {
    addImageSpaceErrors(errors, container, `spec.containers[${at}]`);
  });
  spec.initContainers?.forEach((container, at) => {
    addImageSpaceErrors(errors, container, `spec.initContainers[${at}]`);
  });
};
