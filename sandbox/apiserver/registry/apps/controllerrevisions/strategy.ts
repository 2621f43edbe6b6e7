import type { ControllerRevision } from "../../../../api/types.ts";
import { required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";

/** ValidateControllerRevision, without the metadata. */
const validate = ({ data, revision }: ControllerRevision): FieldError[] => {
  const errors: FieldError[] = [];
  addNonnegative(errors, "revision", revision);
  if (data === undefined || data === null) errors.push(required("data", "data is mandatory"));
  return errors;
};

export const controllerRevisionStrategy = defineStrategy<ControllerRevision>({
  group: "apps",
  resource: "controllerrevisions",
  validate,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous), ...metadataErrors(next, true)];
    addNonnegative(errors, "revision", next.revision);
    addImmutable(errors, "data", next.data, previous.data);
    return errors;
  },
  allowUnconditionalUpdate: true,
});
