import type { Reader } from "../../cache/watch-cache.ts";
import type { BindingLike } from "./policy-objects.ts";
import type { PolicySource } from "./rule-resolver.ts";

const group = "rbac.authorization.k8s.io";

/** Roles and bindings as they are stored now. */
export const storedPolicy = (reader: Reader): PolicySource => ({
  clusterRole: (name) => reader.get(group, "clusterroles", "", name),
  role: (namespace, name) => reader.get(group, "roles", namespace, name),
  clusterRoleBindings: () => reader.list(group, "clusterrolebindings") as readonly unknown[] as readonly BindingLike[],
  roleBindings: (namespace) => reader.list(group, "rolebindings", namespace) as readonly unknown[] as readonly BindingLike[],
});
