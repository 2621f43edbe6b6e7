import type { AppArmorProfile, SeccompProfile } from "../../../../api/types.ts";
import { invalidValue, notSupported, required, tooLong, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { addLocalPathErrors } from "./file-paths.ts";

const types = ["Localhost", "RuntimeDefault", "Unconfined"];

/** validateSeccompProfileField. */
export const addSeccompProfileErrors = (errors: FieldError[], profile: SeccompProfile | undefined, path: string): void => {
  if (!profile) return;
  const { type, localhostProfile } = profile;
  if (!type) errors.push(required(`${path}.type`, "type is required when seccompProfile is set"));
  else if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  if (type !== "Localhost") {
    if (localhostProfile !== undefined)
      errors.push(invalidValue(`${path}.localhostProfile`, profile, "can only be set when seccomp type is Localhost"));
  } else if (localhostProfile === undefined)
    errors.push(required(`${path}.localhostProfile`, "must be set when seccomp type is Localhost"));
  else addLocalPathErrors(errors, `${path}.localhostProfile`, localhostProfile);
};

/** The longest path that Linux takes, without its closing zero. */
const longestProfile = 4095;

/** ValidateAppArmorProfileField. */
export const addAppArmorProfileErrors = (errors: FieldError[], profile: AppArmorProfile | undefined, path: string): void => {
  if (!profile) return;
  const { type, localhostProfile } = profile;
  const field = `${path}.localhostProfile`;
  if (!type) errors.push(required(`${path}.type`, "type is required when appArmorProfile is set"));
  else if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  else if (type !== "Localhost") {
    if (localhostProfile !== undefined)
      errors.push(invalidValue(field, localhostProfile, "can only be set when AppArmor type is Localhost"));
  } else if (localhostProfile === undefined) errors.push(required(field, "must be set when AppArmor type is Localhost"));
  else {
    if (localhostProfile.trim() !== localhostProfile)
      errors.push(invalidValue(field, localhostProfile, "must not be padded with whitespace"));
    else if (localhostProfile === "") errors.push(required(field, "must be set when AppArmor type is Localhost"));
    if (bytesOf(localhostProfile) > longestProfile) errors.push(tooLong(field, longestProfile));
  }
};
