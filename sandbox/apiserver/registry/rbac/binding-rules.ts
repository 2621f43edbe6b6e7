import type { ClusterRoleBinding, RoleBinding, Subject } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import { invalidValue, notSupported, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../apimachinery/validation/fields.ts";
import { nameIsDNSSubdomain, nameIsPathSegment } from "../../../apimachinery/validation/names.ts";

type Binding = RoleBinding | ClusterRoleBinding;

const group = "rbac.authorization.k8s.io";

/** SetDefaults_RoleBinding and its like: the group of roles and of users. */
export const setBindingDefaults = (draft: Draft<Binding>): void => {
  const reference = (draft as { roleRef?: Draft<Binding["roleRef"]> }).roleRef;
  if (reference) reference.apiGroup ||= group;
  for (const subject of draft.subjects ?? [])
    if (!subject.apiGroup && (subject.kind === "User" || subject.kind === "Group")) subject.apiGroup = group;
};

/** ValidateRoleBinding and ValidateClusterRoleBinding, without the metadata. */
export const bindingErrors = ({ roleRef, subjects }: Binding, namespaced: boolean): FieldError[] => {
  const errors: FieldError[] = [];
  const { apiGroup = "", kind = "", name = "" } = roleRef ?? {};
  if (apiGroup !== group) errors.push(notSupported("roleRef.apiGroup", apiGroup, [group]));
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(kind)) errors.push(notSupported("roleRef.kind", kind, kinds));
  if (name === "") errors.push(required("roleRef.name"));
  else addInvalid(errors, "roleRef.name", name, nameIsPathSegment(name, false));
  for (const [at, subject] of (subjects ?? []).entries()) addSubjectErrors(errors, subject, namespaced, `subjects[${at}]`);
  return errors;
};

const addSubjectErrors = (
  errors: FieldError[],
  { kind = "", name = "", namespace = "", apiGroup = "" }: Subject,
  namespaced: boolean,
  path: string,
): void => {
  if (name === "") errors.push(required(`${path}.name`));
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") addInvalid(errors, `${path}.name`, name, nameIsDNSSubdomain(name, false));
      if (apiGroup !== "") errors.push(notSupported(`${path}.apiGroup`, apiGroup, [""]));
      if (!namespaced && namespace === "") errors.push(required(`${path}.namespace`));
      return;
    case "User":
    case "Group":
      if (apiGroup !== group) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [group]));
      return;
    default:
      errors.push(notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"]));
  }
};

/** What a binding grants may not be changed: it must be deleted and made anew. */
export const bindingUpdateErrors = (next: Binding, previous: Binding): FieldError[] =>
  isSemanticallyEqual(next.roleRef, previous.roleRef) ? [] : [invalidValue("roleRef", next.roleRef, "cannot change roleRef")];
