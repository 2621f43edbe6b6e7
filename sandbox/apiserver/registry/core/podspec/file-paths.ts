import { invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";

/** Adds an error where a path climbs up (validatePathNoBacksteps). */
export const addBackstepErrors = (errors: FieldError[], field: string, path: string): void => {
  if (path.includes("..") && path.split("/").includes("..")) errors.push(invalidValue(field, path, "must not contain '..'"));
};

/** A path below some folder: relative, without steps up (validateLocalDescendingPath). */
export const addLocalPathErrors = (errors: FieldError[], field: string, path: string): void => {
  if (path.startsWith("/")) errors.push(invalidValue(field, path, "must be a relative path"));
  addBackstepErrors(errors, field, path);
};

/** The same, and not one of the names that the kubelet keeps for itself (ValidateLocalNonReservedPath). */
export const addLocalUnreservedPathErrors = (errors: FieldError[], field: string, path: string): void => {
  addLocalPathErrors(errors, field, path);
  if (path.startsWith("..") && !path.startsWith("../")) errors.push(invalidValue(field, path, "must not start with '..'"));
};

/** Files' permission bits. Absent is fine. */
export const addFileModeErrors = (errors: FieldError[], field: string, mode: number | undefined): void => {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    errors.push(invalidValue(field, mode, "must be a number between 0 and 0777 (octal), both inclusive"));
};
