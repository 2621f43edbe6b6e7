/** What roles may besides where devices can be claimed (DynamicResourceAllocation). In the form that parse-roles.ts reads. */
export const dynamicResourceRoles = `
system:aggregate-to-edit
  resource.k8s.io resourceclaims,resourceclaimtemplates write
system:aggregate-to-view
  resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates read
system:kube-scheduler
  resource.k8s.io deviceclasses read
  resource.k8s.io resourceclaims read,patch,update
  resource.k8s.io resourceclaims/status read,patch,update
  core pods/finalizers read,write
  resource.k8s.io resourceslices read
system:node
  resource.k8s.io resourceclaims get
  resource.k8s.io resourceslices deletecollection
  resource.k8s.io resourceslices create,delete,patch,read,update
`;
