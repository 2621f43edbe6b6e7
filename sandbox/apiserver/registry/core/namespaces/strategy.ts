import type { Namespace } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName, nameIsDNSLabel } from "../../../../apimachinery/validation/names.ts";
import { finalizerSentences } from "../../../../apimachinery/validation/object-meta.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";

/** Every namespace can be selected by its name. */
const setNameLabel = ({ metadata }: Draft<Namespace>): void => {
  if (metadata.name) (metadata.labels ??= {})["kubernetes.io/metadata.name"] = metadata.name;
};

const addFinalizerErrors = (errors: FieldError[], { spec }: Namespace, path: (at: number) => string): void => {
  spec?.finalizers?.forEach((finalizer, at) => {
    addInvalid(errors, path(at), finalizer, isQualifiedName(finalizer));
    addInvalid(errors, path(at), finalizer, finalizerSentences(finalizer));
  });
};

/** ValidateNamespace, without the metadata. */
const validateNamespace = (namespace: Namespace): FieldError[] => {
  const errors: FieldError[] = [];
  addFinalizerErrors(errors, namespace, () => "spec.finalizers");
  return errors;
};

/** ValidateNamespaceStatusUpdate: what is being deleted is Terminating, and nothing else is. */
const validateStatusUpdate = (next: Namespace, previous: Namespace): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  const phase = next.status?.phase ?? "";
  const isDying = Boolean(next.metadata.deletionTimestamp);
  if (!isDying && phase !== "Active")
    errors.push(invalidValue("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty"));
  if (isDying && phase !== "Terminating")
    errors.push(invalidValue("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
  return errors;
};

export const namespaceStrategy = defineStrategy<Namespace>({
  group: "",
  resource: "namespaces",
  validateName: nameIsDNSLabel,
  setDefaults: (draft) => {
    setNameLabel(draft);
    draft.status ??= {};
    draft.status.phase ||= "Active";
  },
  prepareForCreate: (draft) => {
    draft.status = { phase: "Active" };
    const finalizers = ((draft.spec ??= {}).finalizers ??= []);
    if (!finalizers.includes("kubernetes")) finalizers.push("kubernetes");
  },
  prepareForUpdate: (draft, previous) => {
    if (previous.spec?.finalizers) (draft.spec ??= {}).finalizers = [...previous.spec.finalizers];
    else delete draft.spec?.finalizers;
    keepStatus(draft, previous);
  },
  validate: validateNamespace,
  validateUpdate: (next, previous) => [
    ...metadataErrors(next, false, nameIsDNSLabel),
    ...validateNamespace(next),
    ...metadataUpdateErrors(next, previous),
  ],
  canonicalize: setNameLabel,
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: { prepareForUpdate: keepSpec, validateUpdate: validateStatusUpdate, resetFields: ["spec"] },
    finalize: {
      prepareForUpdate: keepStatus,
      validateUpdate: (next, previous) => {
        const errors = metadataUpdateErrors(next, previous);
        addFinalizerErrors(errors, next, (at) => `spec.finalizers[${at}]`);
        return errors;
      },
      resetFields: ["status"],
    },
  },
  selectableFields: { "status.phase": ({ status }) => status?.phase ?? "" },
});
