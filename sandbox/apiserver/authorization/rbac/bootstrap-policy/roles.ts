/** Roles within system namespaces, as `NAMESPACE/NAME`. In the form that parse-roles.ts reads. */
export const roles = `
kube-public/system:controller:bootstrap-signer
  core configmaps read
  core configmaps update cluster-info
  core,events.k8s.io events create,patch,update
kube-system/extension-apiserver-authentication-reader
  core configmaps read extension-apiserver-authentication
kube-system/system::leader-locking-kube-controller-manager
  core configmaps watch
  core configmaps get,update kube-controller-manager
  coordination.k8s.io leases read,create,update
  coordination.k8s.io leasecandidates read,create,update
kube-system/system::leader-locking-kube-scheduler
  core configmaps watch
  core configmaps get,update kube-scheduler
  coordination.k8s.io leases read,create,update
  coordination.k8s.io leasecandidates read,create,update
kube-system/system:controller:bootstrap-signer
  core secrets read
kube-system/system:controller:cloud-provider
  core configmaps read,create
kube-system/system:controller:token-cleaner
  core secrets read,delete
  core,events.k8s.io events create,patch,update
`;
