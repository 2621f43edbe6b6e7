import { badRequest, invalid } from "../errors/constructors.ts";
import { failure, type StatusError } from "../errors/status.ts";
import { invalidValue } from "../validation/field-error.ts";

/** A patch that cannot be applied to this object. Upstream keeps what was wrong to itself. */
export const unprocessable = (): StatusError =>
  failure(422, "Invalid", "the server rejected our request due to an error in our request", {});

/** A patch whose form is wrong. */
export const malformed = (message: string): StatusError => badRequest(message);

/** An error without a reason, as upstream lets them through. */
export const bare = (message: string): StatusError => failure(500, "", message);

/** A patch whose result is no object of the kind: ` "" is invalid: patch: Invalid value: "…": …`. `patch` is the patched JSON, or the patch itself in Go's words. */
export const invalidPatch = (patch: string, message: string): StatusError =>
  invalid({ group: "", kind: "" }, "", [invalidValue("patch", patch, message)]);

/** What fieldValidation=Strict says of several surprises. */
export const strictMessage = (surprises: readonly string[]): string => `strict decoding error: ${surprises.join(", ")}`;
