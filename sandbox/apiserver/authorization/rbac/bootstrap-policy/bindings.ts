import type { RoleRef, Subject } from "../policy-objects.ts";

const apiGroup = "rbac.authorization.k8s.io";

export interface DefaultBinding {
  readonly namespace?: string;
  readonly name: string;
  readonly roleRef: RoleRef;
  readonly subjects?: readonly (Subject & { readonly apiGroup?: string })[];
}

const user = (name: string) => ({ kind: "User", apiGroup, name });
const group = (name: string) => ({ kind: "Group", apiGroup, name });
const account = (name: string) => ({ kind: "ServiceAccount", name, namespace: "kube-system" });

const clusterWide = (name: string, ...subjects: NonNullable<DefaultBinding["subjects"]>): DefaultBinding => ({
  name,
  roleRef: { apiGroup, kind: "ClusterRole", name },
  ...(subjects.length > 0 && { subjects }),
});

const within = (namespace: string, name: string, role: string, ...subjects: NonNullable<DefaultBinding["subjects"]>): DefaultBinding => ({
  namespace,
  name,
  roleRef: { apiGroup, kind: "Role", name: role },
  subjects,
});

/** Who holds the default cluster roles; each binding bears its role's name. Controllers' follow from their roles. */
export const clusterRoleBindings: readonly DefaultBinding[] = [
  clusterWide("cluster-admin", group("system:masters")),
  clusterWide("system:basic-user", group("system:authenticated")),
  clusterWide("system:discovery", group("system:authenticated")),
  clusterWide("system:kube-controller-manager", user("system:kube-controller-manager")),
  clusterWide("system:kube-dns", account("kube-dns")),
  clusterWide("system:kube-scheduler", user("system:kube-scheduler")),
  clusterWide("system:monitoring", group("system:monitoring")),
  clusterWide("system:node"),
  clusterWide("system:node-proxier", user("system:kube-proxy")),
  clusterWide("system:public-info-viewer", group("system:authenticated"), group("system:unauthenticated")),
  clusterWide("system:service-account-issuer-discovery", group("system:serviceaccounts")),
  clusterWide("system:volume-scheduler", user("system:kube-scheduler")),
];

/** The binding of a controller's cluster role to its service account. */
export const controllerBinding = (role: string): DefaultBinding => clusterWide(role, account(role.slice("system:controller:".length)));

const controllerManager = "system::leader-locking-kube-controller-manager";
const scheduler = "system::leader-locking-kube-scheduler";

/** Who holds the default roles within system namespaces. */
export const roleBindings: readonly DefaultBinding[] = [
  within("kube-public", "system:controller:bootstrap-signer", "system:controller:bootstrap-signer", account("bootstrap-signer")),
  within(
    "kube-system",
    "system::extension-apiserver-authentication-reader",
    "extension-apiserver-authentication-reader",
    user("system:kube-controller-manager"),
    user("system:kube-scheduler"),
  ),
  within(
    "kube-system",
    controllerManager,
    controllerManager,
    user("system:kube-controller-manager"),
    account("kube-controller-manager"),
    account("leader-election-controller"),
  ),
  within("kube-system", scheduler, scheduler, user("system:kube-scheduler"), account("kube-scheduler")),
  within("kube-system", "system:controller:bootstrap-signer", "system:controller:bootstrap-signer", account("bootstrap-signer")),
  within("kube-system", "system:controller:cloud-provider", "system:controller:cloud-provider", account("cloud-provider")),
  within("kube-system", "system:controller:token-cleaner", "system:controller:token-cleaner", account("token-cleaner")),
];
