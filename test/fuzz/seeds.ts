/** Objects that are accepted as they are, by kind: what is nearly right gets further in than what is wrong at the door. */
const template = (restartPolicy = "Always"): object => ({
  metadata: { labels: { app: "web" } },
  spec: {
    restartPolicy,
    containers: [
      {
        name: "web",
        image: "nginx:1.27",
        ports: [{ name: "http", containerPort: 80 }],
        env: [
          { name: "A", value: "1" },
          { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ],
        resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
        livenessProbe: { httpGet: { path: "/", port: "http" } },
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      },
    ],
    initContainers: [{ name: "first", image: "busybox", command: ["true"] }],
    volumes: [
      { name: "data", emptyDir: { sizeLimit: "1Gi" } },
      { name: "all", projected: { sources: [{ configMap: { name: "a" } }] } },
    ],
    tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }],
        },
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "web" } } },
    ],
    securityContext: { runAsUser: 1000, sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] },
  },
});
const selector = { matchLabels: { app: "web" } };

const widgetSchema = {
  type: "object",
  properties: {
    spec: {
      "type": "object",
      "properties": {
        size: { type: "integer", minimum: 0, maximum: 100, default: 1 },
        name: { type: "string", pattern: "^[a-z]+$", maxLength: 40 },
        parts: {
          "type": "array",
          "maxItems": 20,
          "items": { type: "object", required: ["id"], properties: { id: { type: "string" }, weight: { type: "number" } } },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["id"],
        },
        tags: { type: "object", additionalProperties: { type: "string" } },
        port: { "x-kubernetes-int-or-string": true },
        rest: { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
        inner: { "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
        when: { type: "string", format: "date-time", nullable: true },
      },
      "x-kubernetes-validations": [
        { rule: "!has(self.parts) || self.parts.all(p, p.id != 'bad')", message: "no bad parts" },
        { rule: "!has(self.name) || self.name.matches('^(a+)+$') || size(self.name) < 30" },
      ],
    },
    status: { type: "object", properties: { replicas: { type: "integer" }, selector: { type: "string" } } },
  },
};

export const widgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.fuzz.test" },
  spec: {
    group: "fuzz.test",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: widgetSchema },
        subresources: {
          status: {},
          scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" },
        },
        additionalPrinterColumns: [
          { name: "Size", type: "integer", jsonPath: ".spec.size" },
          { name: "Parts", type: "string", jsonPath: ".spec.parts[*].id" },
        ],
        selectableFields: [{ jsonPath: ".spec.name" }],
      },
    ],
  },
};

const rest: readonly (readonly [apiVersion: string, kind: string, body: object])[] = [
  ["v1", "ConfigMap", { data: { a: "1" }, binaryData: { b: "AAEC" } }],
  ["v1", "Secret", { stringData: { a: "1" }, type: "Opaque" }],
  ["v1", "Namespace", {}],
  ["v1", "Pod", template()],
  ["v1", "Service", { spec: { selector: { app: "web" }, type: "NodePort", ports: [{ name: "http", port: 80, targetPort: "http" }] } }],
  ["v1", "PersistentVolumeClaim", { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }],
  ["v1", "PersistentVolume", { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/a" } } }],
  ["v1", "Node", { spec: { podCIDR: "10.1.0.0/24", taints: [{ key: "a", effect: "NoSchedule" }] } }],
  ["v1", "ServiceAccount", {}],
  ["v1", "LimitRange", { spec: { limits: [{ type: "Container", default: { cpu: "1" }, max: { cpu: "2" } }] } }],
  ["v1", "ResourceQuota", { spec: { hard: { "pods": "100000", "requests.cpu": "100000" }, scopes: ["NotTerminating"] } }],
  ["v1", "ReplicationController", { spec: { replicas: 1, selector: { app: "web" }, template: template() } }],
  ["v1", "Endpoints", { subsets: [{ addresses: [{ ip: "10.0.0.9" }], ports: [{ port: 80 }] }] }],
  ["v1", "Event", { involvedObject: { namespace: "default", name: "a", kind: "Pod" }, reason: "R", message: "m", type: "Normal" }],
  ["apps/v1", "Deployment", { spec: { replicas: 2, selector, template: template(), strategy: { rollingUpdate: { maxSurge: "25%" } } } }],
  [
    "apps/v1",
    "StatefulSet",
    {
      spec: {
        serviceName: "a",
        selector,
        template: template(),
        volumeClaimTemplates: [
          { metadata: { name: "d" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
        ],
      },
    },
  ],
  ["apps/v1", "DaemonSet", { spec: { selector, template: template() } }],
  ["apps/v1", "ReplicaSet", { spec: { selector, template: template() } }],
  [
    "batch/v1",
    "Job",
    {
      spec: {
        template: template("Never"),
        podFailurePolicy: { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [1] } }] },
      },
    },
  ],
  [
    "batch/v1",
    "CronJob",
    { spec: { schedule: "*/5 * * * *", timeZone: "Europe/Berlin", jobTemplate: { spec: { template: template("Never") } } } },
  ],
  [
    "networking.k8s.io/v1",
    "Ingress",
    {
      spec: {
        rules: [
          {
            host: "a.test",
            http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "a", port: { number: 80 } } } }] },
          },
        ],
      },
    },
  ],
  [
    "networking.k8s.io/v1",
    "NetworkPolicy",
    { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 80 }] }] } },
  ],
  ["rbac.authorization.k8s.io/v1", "Role", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", { aggregationRule: { clusterRoleSelectors: [selector] } }],
  [
    "rbac.authorization.k8s.io/v1",
    "RoleBinding",
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: "default" }],
    },
  ],
  [
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    {
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" },
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } }],
      },
    },
  ],
  ["policy/v1", "PodDisruptionBudget", { spec: { minAvailable: "50%", selector } }],
  ["coordination.k8s.io/v1", "Lease", { spec: { holderIdentity: "a", leaseDurationSeconds: 5, renewTime: "2024-05-06T07:08:09.000123Z" } }],
  ["scheduling.k8s.io/v1", "PriorityClass", { value: 5 }],
  ["storage.k8s.io/v1", "StorageClass", { provisioner: "a.test/b", parameters: { a: "b" } }],
  [
    "discovery.k8s.io/v1",
    "EndpointSlice",
    { addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.9"] }], ports: [{ name: "a", port: 80 }] },
  ],
  [
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicy",
    {
      spec: {
        failurePolicy: "Ignore",
        matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["secrets"] }] },
        variables: [{ name: "n", expression: "size(object.metadata.name)" }],
        validations: [{ expression: "variables.n < 1000 && object.metadata.name.matches('^(a|a)*')" }],
      },
    },
  ],
  ["admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", { spec: { policyName: "a", validationActions: ["Deny"] } }],
  [
    "certificates.k8s.io/v1",
    "CertificateSigningRequest",
    { spec: { request: "AAAA", signerName: "kubernetes.io/kube-apiserver-client", usages: ["client auth"] } },
  ],
  ["flowcontrol.apiserver.k8s.io/v1", "FlowSchema", { spec: { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 100 } }],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition", widgetDefinition],
  [
    "fuzz.test/v1",
    "Widget",
    {
      spec: {
        size: 3,
        name: "abc",
        parts: [{ id: "a", weight: 1.5 }],
        tags: { a: "b" },
        port: "80%",
        rest: { any: [1] },
        inner: { apiVersion: "v1", kind: "X", metadata: { name: "i" } },
        when: null,
      },
    },
  ],
  ["v1", "Binding", { target: { kind: "Node", name: "a" } }],
  ["policy/v1", "Eviction", { deleteOptions: { gracePeriodSeconds: 0 } }],
  ["autoscaling/v1", "Scale", { spec: { replicas: 3 } }],
  ["authentication.k8s.io/v1", "TokenReview", { spec: { token: "a.b.c" } }],
  ["authentication.k8s.io/v1", "TokenRequest", { spec: { audiences: ["a"], expirationSeconds: 600 } }],
  [
    "authorization.k8s.io/v1",
    "SubjectAccessReview",
    { spec: { user: "ann", groups: ["a"], resourceAttributes: { verb: "get", resource: "pods" } } },
  ],
];

const byKind = new Map(rest.map(([apiVersion, kind, body]) => [`${apiVersion} ${kind}`, { apiVersion, kind, ...body }]));

/** An accepted object of the kind, without name; undefined where none is at hand. */
export const seedOf = (apiVersion: string, kind: string): Readonly<Record<string, unknown>> | undefined =>
  byKind.get(`${apiVersion} ${kind}`);
