import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "../../../api/types.ts";
import { nameIsPathSegment } from "../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../generic/metadata.ts";
import { defineStrategy } from "../strategy.ts";
import { bindingErrors, bindingUpdateErrors, setBindingDefaults } from "./binding-rules.ts";
import { clusterRoleErrors, ruleErrors } from "./role-rules.ts";

const group = "rbac.authorization.k8s.io";
const common = { group, validateName: nameIsPathSegment, allowCreateOnUpdate: true, allowUnconditionalUpdate: true } as const;

export const roleStrategy = defineStrategy<Role>({
  ...common,
  resource: "roles",
  validate: ({ rules }) => ruleErrors(rules, true),
  validateUpdate: (next, previous) => [
    ...metadataErrors(next, true, nameIsPathSegment),
    ...ruleErrors(next.rules, true),
    ...metadataUpdateErrors(next, previous),
  ],
});

export const clusterRoleStrategy = defineStrategy<ClusterRole>({
  ...common,
  resource: "clusterroles",
  validate: clusterRoleErrors,
  validateUpdate: (next, previous) => [
    ...metadataErrors(next, false, nameIsPathSegment),
    ...clusterRoleErrors(next),
    ...metadataUpdateErrors(next, previous),
  ],
});

export const roleBindingStrategy = defineStrategy<RoleBinding>({
  ...common,
  resource: "rolebindings",
  setDefaults: setBindingDefaults,
  validate: (binding) => bindingErrors(binding, true),
  validateUpdate: (next, previous) => [
    ...metadataErrors(next, true, nameIsPathSegment),
    ...bindingErrors(next, true),
    ...metadataUpdateErrors(next, previous),
    ...bindingUpdateErrors(next, previous),
  ],
});

export const clusterRoleBindingStrategy = defineStrategy<ClusterRoleBinding>({
  ...common,
  resource: "clusterrolebindings",
  setDefaults: setBindingDefaults,
  validate: (binding) => bindingErrors(binding, false),
  validateUpdate: (next, previous) => [
    ...metadataErrors(next, false, nameIsPathSegment),
    ...bindingErrors(next, false),
    ...metadataUpdateErrors(next, previous),
    ...bindingUpdateErrors(next, previous),
  ],
});
