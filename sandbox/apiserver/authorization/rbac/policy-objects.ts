import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import type { UserInfo } from "../../operation.ts";
import type { PolicyRule } from "./policy-rule.ts";

export interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Role and ClusterRole, as far as deciding needs them. */
export interface RoleLike extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null;
}

/** RoleBinding and ClusterRoleBinding, as far as deciding needs them. */
export interface BindingLike extends KubeObject {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
}

/** `system:serviceaccount:NAMESPACE:NAME`, as a service account authenticates. */
export const serviceAccountUsername = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

/** Upstream's `appliesToUser`; a service account without a namespace is one of the binding's own. */
export const appliesTo = (subject: Subject, user: UserInfo, bindingNamespace: string): boolean => {
  switch (subject.kind) {
    case "User":
      return user.name === subject.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      return namespace !== "" && serviceAccountUsername(namespace, subject.name) === user.name;
    }
    default:
      return false;
  }
};
