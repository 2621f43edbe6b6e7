/** The cluster roles of controllers: each is bound to the service account of its name. In the form that parse-roles.ts reads. */
export const controllerRoles = `
system:controller:attachdetach-controller
  core persistentvolumeclaims,persistentvolumes list,watch
  core nodes read
  core nodes/status patch,update
  core pods list,watch
  core,events.k8s.io events create,patch,update
  storage.k8s.io volumeattachments read,create,delete
  storage.k8s.io csidrivers read
  storage.k8s.io csinodes read
system:controller:certificate-controller
  certificates.k8s.io certificatesigningrequests read,delete
  certificates.k8s.io certificatesigningrequests/approval,certificatesigningrequests/status update
  certificates.k8s.io signers approve kubernetes.io/kube-apiserver-client-kubelet
  certificates.k8s.io signers sign kubernetes.io/kube-apiserver-client,kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,kubernetes.io/legacy-unknown
  authorization.k8s.io subjectaccessreviews create
  core,events.k8s.io events create,patch,update
system:controller:clusterrole-aggregation-controller
  rbac.authorization.k8s.io clusterroles read,escalate,patch,update
system:controller:cronjob-controller
  batch cronjobs read,update
  batch jobs read,create,delete,patch,update
  batch cronjobs/status update
  batch cronjobs/finalizers update
  core pods delete,list,watch
  core,events.k8s.io events create,patch,update
system:controller:daemon-set-controller
  apps,extensions daemonsets read
  apps,extensions daemonsets/status update
  apps,extensions daemonsets/finalizers update
  core nodes list,watch
  core pods create,delete,list,patch,watch
  core pods/binding create
  apps controllerrevisions read,create,delete,patch,update
  core,events.k8s.io events create,patch,update
system:controller:deployment-controller
  apps,extensions deployments read,update
  apps,extensions deployments/status update
  apps,extensions deployments/finalizers update
  apps,extensions replicasets read,create,delete,patch,update
  core pods read,update
  core,events.k8s.io events create,patch,update
system:controller:disruption-controller
  apps,extensions deployments read
  apps,extensions replicasets read
  core replicationcontrollers read
  policy poddisruptionbudgets read
  apps statefulsets read
  policy poddisruptionbudgets/status update
  core pods/status patch,update
  * */scale get
  core,events.k8s.io events create,patch,update
system:controller:endpoint-controller
  core pods,services read
  core endpoints read,create,delete,update
  core endpoints/restricted create
  core,events.k8s.io events create,patch,update
system:controller:endpointslice-controller
  core nodes,pods,services read
  core services/finalizers update
  discovery.k8s.io endpointslices read,create,delete,update
  discovery.k8s.io endpointslices/restricted create
  core,events.k8s.io events create,patch,update
system:controller:endpointslicemirroring-controller
  core endpoints,services read
  core services/finalizers update
  core endpoints/finalizers update
  discovery.k8s.io endpointslices read,create,delete,update
  discovery.k8s.io endpointslices/restricted create
  core,events.k8s.io events create,patch,update
system:controller:ephemeral-volume-controller
  core pods read
  core pods/finalizers update
  core persistentvolumeclaims read,create
  core,events.k8s.io events create,patch,update
system:controller:expand-controller
  core persistentvolumes read,patch,update
  core persistentvolumeclaims/status patch,update
  core persistentvolumeclaims read
  core,events.k8s.io events create,patch,update
  core services get
system:controller:generic-garbage-collector
  * * read,delete,patch,update
  core,events.k8s.io events create,patch,update
system:controller:horizontal-pod-autoscaler
  autoscaling horizontalpodautoscalers read
  autoscaling horizontalpodautoscalers/status update
  * */scale get,update
  core pods list,watch
  metrics.k8s.io pods list,watch
  custom.metrics.k8s.io * read
  external.metrics.k8s.io * read
  core,events.k8s.io events create,patch,update
system:controller:job-controller
  batch jobs read,patch,update
  batch jobs/status update
  batch jobs/finalizers update
  core pods create,delete,list,patch,watch
  core,events.k8s.io events create,patch,update
system:controller:legacy-service-account-token-cleaner
  core configmaps get kube-apiserver-legacy-service-account-token-tracking
  core secrets delete,patch
system:controller:namespace-controller
  core namespaces read,delete
  core namespaces/finalize,namespaces/status update
  * * read,delete,deletecollection
system:controller:node-controller
  core nodes read,delete,patch,update
  core nodes/status patch,update
  core pods/status patch,update
  core pods read,delete
  core,events.k8s.io events create,patch,update
system:controller:persistent-volume-binder
  core persistentvolumes read,create,delete,update
  core persistentvolumes/status update
  core persistentvolumeclaims read,update
  core persistentvolumeclaims/status update
  core pods read,create,delete
  storage.k8s.io storageclasses read
  core nodes list,watch
  core,events.k8s.io events create,patch,update
  core events watch
  core services get
system:controller:pod-garbage-collector
  core pods delete,list,watch
  core nodes read
  core pods/status patch
system:controller:pv-protection-controller
  core persistentvolumes read,update
  core,events.k8s.io events create,patch,update
system:controller:pvc-protection-controller
  core persistentvolumeclaims read,update
  core pods read
  core,events.k8s.io events create,patch,update
system:controller:replicaset-controller
  apps,extensions replicasets read,update
  apps,extensions replicasets/status update
  apps,extensions replicasets/finalizers update
  core pods create,delete,list,patch,watch
  core,events.k8s.io events create,patch,update
system:controller:replication-controller
  core replicationcontrollers read,update
  core replicationcontrollers/status update
  core replicationcontrollers/finalizers update
  core pods create,delete,list,patch,watch
  core,events.k8s.io events create,patch,update
system:controller:resourcequota-controller
  * * list,watch
  core resourcequotas/status update
  core,events.k8s.io events create,patch,update
system:controller:root-ca-cert-publisher
  core configmaps create,update
  core,events.k8s.io events create,patch,update
system:controller:route-controller
  core nodes list,watch
  core nodes/status patch
  core,events.k8s.io events create,patch,update
system:controller:service-account-controller
  core serviceaccounts create
  core,events.k8s.io events create,patch,update
system:controller:service-controller
  core services read
  core services/status patch,update
  core nodes list,watch
  core,events.k8s.io events create,patch,update
system:controller:statefulset-controller
  core pods list,watch
  apps statefulsets read
  apps statefulsets/status update
  apps statefulsets/finalizers update
  core pods create,delete,get,patch,update
  apps controllerrevisions read,create,delete,patch,update
  core persistentvolumeclaims read,create
  core,events.k8s.io events create,patch,update
  core persistentvolumeclaims delete,update
  core pods/finalizers update
system:controller:ttl-after-finished-controller
  batch jobs read,delete
  core,events.k8s.io events create,patch,update
system:controller:ttl-controller
  core nodes list,patch,update,watch
  core,events.k8s.io events create,patch,update
system:controller:validatingadmissionpolicy-status-controller
  admissionregistration.k8s.io validatingadmissionpolicies read
  admissionregistration.k8s.io validatingadmissionpolicies/status get,patch,update
  core,events.k8s.io events create,patch,update
`;
