import type { VolumeAttachment, VolumeAttributesClass } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable } from "../../../../apimachinery/validation/fields.ts";
import { nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { addDriverNameErrors } from "../csi/strategies.ts";

const group = "storage.k8s.io";
const exactlyOne = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

/** ValidateVolumeAttachment and ValidateVolumeAttachmentV1, without the metadata. */
const attachmentErrors = ({ spec }: VolumeAttachment): FieldError[] => {
  const errors: FieldError[] = [];
  const { attacher = "", nodeName = "", source } = spec;
  if (attacher === "") errors.push(required("spec.attacher"));
  if (source?.inlineVolumeSpec === undefined && source?.persistentVolumeName === undefined)
    errors.push(required("spec.source", exactlyOne));
  else if (source.inlineVolumeSpec !== undefined && source.persistentVolumeName !== undefined)
    errors.push(forbiddenField("spec.source", exactlyOne));
  else if (source.persistentVolumeName === "") errors.push(required("spec.source.persistentVolumeName"));
  for (const sentence of nodeName === "" ? [] : nameIsDNSSubdomain(nodeName, false))
    errors.push(invalidValue("spec.nodeName", nodeName, sentence));
  if (nodeName === "") errors.push(required("spec.nodeName"));
  addDriverNameErrors(errors, attacher, "spec.attacher");
  return errors;
};

export const volumeAttachmentStrategy = defineStrategy<VolumeAttachment>({
  group,
  resource: "volumeattachments",
  prepareForCreate: (draft) => {
    draft.status = { attached: false };
  },
  prepareForUpdate: keepStatus,
  validate: attachmentErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataErrors(next, false), ...attachmentErrors(next)];
    if (!isSemanticallyEqual(next.spec, previous.spec)) errors.push(invalidValue("spec", next.spec, "field is immutable"));
    return errors;
  },
  resetFields: ["status"],
  subresources: {
    status: {
      // Who attaches may say how that went, and nothing else: ResetObjectMetaForStatus.
      prepareForUpdate: (draft, previous) => {
        keepSpec(draft, previous);
        const { managedFields } = draft.metadata;
        draft.metadata = {
          ...(previous.metadata as typeof draft.metadata),
          resourceVersion: draft.metadata.resourceVersion,
          managedFields,
        };
      },
      validateUpdate: metadataUpdateErrors,
      resetFields: ["metadata", "spec"],
    },
  },
});

const classErrors = ({ driverName = "", parameters }: VolumeAttributesClass): FieldError[] => {
  const errors: FieldError[] = [];
  addDriverNameErrors(errors, driverName, "driverName");
  if (Object.keys(parameters ?? {}).length === 0) errors.push(required("parameters", "must contain at least one key/value pair"));
  return errors;
};

export const volumeAttributesClassStrategy = defineStrategy<VolumeAttributesClass>({
  group,
  resource: "volumeattributesclasses",
  validate: classErrors,
  validateUpdate: (next, previous) => {
    const errors = [...metadataErrors(next, false), ...classErrors(next)];
    addImmutable(errors, "driverName", next.driverName, previous.driverName);
    addImmutable(errors, "parameters", next.parameters, previous.parameters);
    return errors;
  },
  allowUnconditionalUpdate: true,
});
