/** The cluster roles that every cluster has, but for those of controllers. In the form that parse-roles.ts reads. */
export const clusterRoles = `
cluster-admin
  * * *
  url * *
system:aggregate-to-admin
  authorization.k8s.io localsubjectaccessreviews create
  rbac.authorization.k8s.io rolebindings,roles read,write
system:aggregate-to-edit
  core pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy read
  core serviceaccounts impersonate
  core pods,pods/attach,pods/exec,pods/portforward,pods/proxy write
  core pods/eviction create
  core configmaps,endpoints,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy write
  core serviceaccounts/token create
  apps daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale write
  autoscaling horizontalpodautoscalers write
  batch cronjobs,jobs write
  extensions daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale write
  policy poddisruptionbudgets write
  networking.k8s.io ingresses,networkpolicies write
  coordination.k8s.io leases read,write
system:aggregate-to-view
  core configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status read
  core bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status read
  core namespaces read
  discovery.k8s.io endpointslices read
  apps controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status read
  autoscaling horizontalpodautoscalers,horizontalpodautoscalers/status read
  batch cronjobs,cronjobs/status,jobs,jobs/status read
  extensions daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale read
  policy poddisruptionbudgets,poddisruptionbudgets/status read
  networking.k8s.io ingresses,ingresses/status,networkpolicies read
system:auth-delegator
  authentication.k8s.io tokenreviews create
  authorization.k8s.io subjectaccessreviews create
system:basic-user
  authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews create
  authentication.k8s.io selfsubjectreviews create
system:certificates.k8s.io:certificatesigningrequests:nodeclient
  certificates.k8s.io certificatesigningrequests/nodeclient create
system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
  certificates.k8s.io certificatesigningrequests/selfnodeclient create
system:certificates.k8s.io:kube-apiserver-client-approver
  certificates.k8s.io signers approve kubernetes.io/kube-apiserver-client
system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
  certificates.k8s.io signers approve kubernetes.io/kube-apiserver-client-kubelet
system:certificates.k8s.io:kubelet-serving-approver
  certificates.k8s.io signers approve kubernetes.io/kubelet-serving
system:certificates.k8s.io:legacy-unknown-approver
  certificates.k8s.io signers approve kubernetes.io/legacy-unknown
system:discovery
  url /api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/ get
system:heapster
  core events,namespaces,nodes,pods read
  extensions deployments read
system:kube-aggregator
  core endpoints,services read
system:kube-controller-manager
  core,events.k8s.io events create,patch,update
  coordination.k8s.io leases create
  coordination.k8s.io leases get,update kube-controller-manager
  core secrets,serviceaccounts create
  core secrets delete
  core configmaps,namespaces,secrets,serviceaccounts get
  core secrets,serviceaccounts update
  authentication.k8s.io tokenreviews create
  authorization.k8s.io subjectaccessreviews create
  * * list,watch
  core serviceaccounts/token create
system:kube-dns
  core endpoints,services list,watch
system:kube-scheduler
  core,events.k8s.io events create,patch,update
  coordination.k8s.io leases create
  coordination.k8s.io leases read,update kube-scheduler
  coordination.k8s.io leasecandidates read,write
  core nodes read
  core pods read,delete
  core bindings,pods/binding create
  core pods/status patch,update
  core replicationcontrollers,services read
  apps,extensions replicasets read
  apps statefulsets read
  policy poddisruptionbudgets read
  core persistentvolumeclaims,persistentvolumes read
  authentication.k8s.io tokenreviews create
  authorization.k8s.io subjectaccessreviews create
  storage.k8s.io csinodes read
  storage.k8s.io volumeattachments read
  core namespaces read
  storage.k8s.io csidrivers read
  storage.k8s.io csistoragecapacities read
system:kubelet-api-admin
  core nodes read
  core nodes proxy
  core nodes/log,nodes/metrics,nodes/proxy,nodes/stats *
system:monitoring
  url /healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/* get
system:node
  authentication.k8s.io tokenreviews create
  authorization.k8s.io localsubjectaccessreviews,subjectaccessreviews create
  core services read
  core nodes read,create
  core nodes/status patch,update
  core nodes patch,update
  core events create,patch,update
  core pods read
  core pods create,delete
  core pods/status patch,update
  core pods/eviction create
  core configmaps,secrets read
  core persistentvolumeclaims,persistentvolumes get
  core endpoints get
  certificates.k8s.io certificatesigningrequests read,create
  coordination.k8s.io leases create,delete,get,patch,update
  storage.k8s.io volumeattachments get
  core serviceaccounts/token create
  core persistentvolumeclaims/status get,patch,update
  storage.k8s.io csidrivers read
  storage.k8s.io csinodes create,delete,get,patch,update
  node.k8s.io runtimeclasses read
system:node-bootstrapper
  certificates.k8s.io certificatesigningrequests read,create
system:node-problem-detector
  core nodes get
  core nodes/status patch
  core,events.k8s.io events create,patch,update
system:node-proxier
  core endpoints,services list,watch
  core nodes read
  core,events.k8s.io events create,patch,update
  discovery.k8s.io endpointslices list,watch
system:persistent-volume-provisioner
  core persistentvolumes read,create,delete
  core persistentvolumeclaims read,update
  storage.k8s.io storageclasses read
  core events watch
  core,events.k8s.io events create,patch,update
system:public-info-viewer
  url /healthz,/livez,/readyz,/version,/version/ get
system:service-account-issuer-discovery
  url /.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/ get
system:volume-scheduler
  core persistentvolumes read,patch,update
  storage.k8s.io storageclasses read
  core persistentvolumeclaims read,patch,update
`;
