import { invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../apimachinery/validation/fields.ts";

interface WithCollisions {
  readonly collisionCount?: number;
}

/** Hash collisions are counted upwards only. */
export const addCollisionErrors = (errors: FieldError[], next: WithCollisions | undefined, previous: WithCollisions | undefined): void => {
  const [count, old] = [next?.collisionCount, previous?.collisionCount];
  if (old !== undefined && (count === undefined || count < old))
    errors.push(invalidValue("status.collisionCount", count ?? 0, "cannot be decremented"));
};

/** Each named count of a status, none below zero. */
export const addCountErrors = (errors: FieldError[], status: object | undefined, ...fields: readonly string[]): void => {
  for (const field of fields)
    addNonnegative(errors, `status.${field}`, (status as Readonly<Record<string, number | undefined>> | undefined)?.[field]);
};
