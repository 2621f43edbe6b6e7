import type { RuntimeClass } from "../../../api/types.ts";
import { validateLabels } from "../../../apimachinery/labels/label-selector.ts";
import { quantityOf } from "../../../apimachinery/quantity/parse.ts";
import { invalidValue, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid, isNegativeSentence } from "../../../apimachinery/validation/fields.ts";
import { isDNS1123Label } from "../../../apimachinery/validation/names.ts";
import { addTolerationErrors } from "../core/podspec/tolerations.ts";
import { metadataUpdateErrors } from "../generic/metadata.ts";
import { defineStrategy } from "../strategy.ts";

/** ValidateRuntimeClass, without the metadata. */
const validate = ({ handler = "", overhead, scheduling }: RuntimeClass): FieldError[] => {
  const errors: FieldError[] = [];
  if (handler === "") errors.push(required("handler"));
  else addInvalid(errors, "handler", handler, isDNS1123Label(handler));
  for (const [name, amount] of Object.entries(overhead?.podFixed ?? {}))
    if (quantityOf(amount).sign() < 0) errors.push(invalidValue(`overhead.podFixed[${name}]`, amount, isNegativeSentence));
  errors.push(...validateLabels(scheduling?.nodeSelector, "scheduling.nodeSelector"));
  addTolerationErrors(errors, scheduling?.tolerations ?? [], "scheduling.tolerations");
  return errors;
};

export const runtimeClassStrategy = defineStrategy<RuntimeClass>({
  group: "node.k8s.io",
  resource: "runtimeclasses",
  validate,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous)];
    addImmutable(errors, "handler", next.handler, previous.handler);
    return errors;
  },
});
