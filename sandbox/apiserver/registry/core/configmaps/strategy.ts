import type { ConfigMap } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { forbiddenField, invalidValue, tooLong, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isConfigMapKey } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";
import { bytesOfBase64, mostDataBytes } from "../secrets/data.ts";

export const configMapStrategy = defineStrategy<ConfigMap>({
  group: "",
  resource: "configmaps",
  validate: (configMap) => validateConfigMap(configMap),
  validateUpdate: (next, previous) => {
    const errors = metadataUpdateErrors(next, previous);
    if (previous.immutable) {
      const words = "field is immutable when `immutable` is set";
      if (!next.immutable) errors.push(forbiddenField("immutable", words));
      if (!isSemanticallyEqual(next.data, previous.data)) errors.push(forbiddenField("data", words));
      if (!isSemanticallyEqual(next.binaryData, previous.binaryData)) errors.push(forbiddenField("binaryData", words));
    }
    return [...errors, ...metadataErrors(next, true), ...validateConfigMap(next)];
  },
  allowUnconditionalUpdate: true,
});

/** ValidateConfigMap. */
const validateConfigMap = ({ data, binaryData }: ConfigMap): FieldError[] => {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(data ?? {})) {
    addInvalid(errors, `data[${key}]`, key, isConfigMapKey(key));
    if (binaryData && Object.hasOwn(binaryData, key))
      errors.push(invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData"));
    size += bytesOf(value);
  }
  for (const [key, value] of Object.entries(binaryData ?? {})) {
    addInvalid(errors, `binaryData[${key}]`, key, isConfigMapKey(key));
    size += bytesOfBase64(value);
  }
  if (size > mostDataBytes) errors.push(tooLong("[]", mostDataBytes));
  return errors;
};
