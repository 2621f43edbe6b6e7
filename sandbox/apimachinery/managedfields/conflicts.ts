import type { StatusError } from "../errors/status.ts";
import { failure } from "../errors/status.ts";
import { elementsOf, isMember, leaf, nodeAt, type FieldSet } from "./field-set.ts";
import type { Owner } from "./managers.ts";
import { identityOf } from "./managers.ts";
import { compareElements, showPath } from "./path-element.ts";

/** Fields that an apply would change although others own them. */
export interface Conflict {
  readonly owner: Owner;
  readonly fields: FieldSet;
}

/** Every member's path: those of a level first, then what is below, in the order of elements. */
export const pathsOf = (set: FieldSet, prefix: readonly string[] = []): (readonly string[])[] => {
  const elements = elementsOf(set).sort(compareElements);
  const members = elements.filter((element) => isMember(nodeAt(set, element) ?? leaf)).map((element) => [...prefix, element]);
  return [...members, ...elements.flatMap((element) => pathsOf(nodeAt(set, element) ?? leaf, [...prefix, element]))];
};

const nameOf = ({ manager, operation, apiVersion, subresource }: Owner): string => {
  const name = `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ""}`;
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
};

/** 409 with a cause a field (NewConflictError). */
export const conflictError = (conflicts: readonly Conflict[]): StatusError => {
  const found = conflicts
    .toSorted((a, b) => (identityOf(a.owner) < identityOf(b.owner) ? -1 : 1))
    .map(({ owner, fields }) => ({ name: nameOf(owner), paths: pathsOf(fields).map(showPath) }));
  const causes = found.flatMap(({ name, paths }) =>
    paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${name}`, field })),
  );
  const words =
    causes.length === 1
      ? `1 conflict: ${causes[0]?.message ?? ""}: ${causes[0]?.field ?? ""}`
      : `${String(causes.length)} conflicts: ${found.flatMap(({ name, paths }) => [`conflicts with ${name}:`, ...paths.map((path) => `- ${path}`)]).join("\n")}`;
  return failure(409, "Conflict", `Apply failed with ${words}`, { causes });
};
