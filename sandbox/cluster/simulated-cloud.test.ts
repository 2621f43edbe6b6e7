import { describe, expect, test } from "vitest";
import {
  events,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  secrets,
  serviceAccounts,
  services,
  storageClasses,
  validatingAdmissionPolicies,
} from "../api/resources.ts";
import type { KubeObject } from "../apimachinery/meta/types.ts";
import { startCluster, type Cluster } from "./cluster.ts";

const place = (name: string) => ({ namespace: "default", name });
const service = (name: string, spec: object = {}): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { type: "LoadBalancer", selector: { app: name }, ports: [{ port: 80 }], ...spec },
  }) as KubeObject;
const reasonsOf = async ({ client }: Cluster, name: string): Promise<readonly (string | undefined)[]> =>
  (await client.list(events, { namespace: "default" })).items
    .filter(({ involvedObject }) => involvedObject?.name === name)
    .map(({ reason }) => reason);

describe("a cluster with simulated nodes", { timeout: 30_000 }, () => {
  test("gives load balancers addresses of their own, and takes them back", async () => {
    await using cluster = await startCluster({ seed: 7, nodes: ["ann"] });
    const { client } = cluster;
    await cluster.apply(service("one"), service("two"), service("other", { loadBalancerClass: "example.com/mine" }));
    await cluster.advance("5s");
    const addresses = await Promise.all(
      ["one", "two", "other"].map(async (name) =>
        (await client.get(services, place(name))).status?.loadBalancer?.ingress?.map(({ ip }) => ip),
      ),
    );
    expect(addresses).toEqual([["172.19.0.1"], ["172.19.0.2"], undefined]);
    expect((await client.get(services, place("one"))).metadata.finalizers).toEqual(["service.kubernetes.io/load-balancer-cleanup"]);
    await client.delete(services, place("one"));
    await cluster.advance("5s");
    await expect(client.get(services, place("one"))).rejects.toMatchObject({ status: { reason: "NotFound" } });
    expect(await reasonsOf(cluster, "one")).toEqual([
      "EnsuringLoadBalancer",
      "EnsuredLoadBalancer",
      "DeletingLoadBalancer",
      "DeletedLoadBalancer",
    ]);
    await client.patch(services, place("two"), { type: "merge", body: { spec: { type: "ClusterIP" } } });
    await cluster.advance("5s");
    const two = await client.get(services, place("two"));
    expect([two.metadata.finalizers, two.status?.loadBalancer]).toEqual([undefined, {}]);
  });

  test("makes, expands and deletes the volume of a claim once a pod wants it", async () => {
    await using cluster = await startCluster({ seed: 7, nodes: ["ann"] });
    const { client } = cluster;
    await cluster.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: "default" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    } as KubeObject);
    await cluster.advance("30s");
    expect((await client.get(persistentVolumeClaims, place("data"))).status?.phase).toBe("Pending");
    await cluster.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "db", namespace: "default" },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "main", image: "postgres", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
      },
    } as KubeObject);
    await cluster.advance("30s");
    const claim = await client.get(persistentVolumeClaims, place("data"));
    expect([claim.status?.phase, claim.spec?.storageClassName]).toEqual(["Bound", "standard"]);
    expect(cluster.pods()[0]?.status?.phase).toBe("Running");
    expect(await reasonsOf(cluster, "data")).toEqual(
      expect.arrayContaining(["WaitForFirstConsumer", "ExternalProvisioning", "Provisioning", "ProvisioningSucceeded"]),
    );

    await client.patch(persistentVolumeClaims, place("data"), {
      type: "merge",
      body: { spec: { resources: { requests: { storage: "2Gi" } } } },
    });
    await cluster.advance("30s");
    expect((await client.get(persistentVolumeClaims, place("data"))).status?.capacity).toEqual({ storage: "2Gi" });
    expect((await client.list(persistentVolumes)).items.map(({ spec }) => spec?.capacity)).toEqual([{ storage: "2Gi" }]);

    await client.delete(pods, place("db"));
    await client.delete(persistentVolumeClaims, place("data"));
    await cluster.advance("2m");
    expect((await client.list(persistentVolumes)).items).toEqual([]);
  });

  test("binds a volume that somebody made beforehand to the first consumer", async () => {
    await using cluster = await startCluster({ seed: 7, nodes: ["ann", "bob"] });
    await cluster.settle();
    await cluster.apply(
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "local" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
      } as KubeObject,
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "disk" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          storageClassName: "local",
          local: { path: "/disk" },
          nodeAffinity: {
            required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["bob"] }] }] },
          },
        },
      } as KubeObject,
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data", namespace: "default" },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "local", resources: { requests: { storage: "1Gi" } } },
      } as KubeObject,
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "db", namespace: "default" },
        spec: {
          containers: [{ name: "main", image: "postgres", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
        },
      } as KubeObject,
    );
    await cluster.advance("30s");
    expect(cluster.pods().map(({ spec, status }) => [spec.nodeName, status?.phase])).toEqual([["bob", "Running"]]);
  });

  test("cuts the cluster's range into those of the nodes when it is told to", async () => {
    const controllerOptions = { allocateNodeCidrs: true, clusterCidr: ["10.200.0.0/16", "fd00:10::/48"] };
    await using cluster = await startCluster({ seed: 7, nodes: ["ann", "bob"], controllerOptions });
    await cluster.advance("5s");
    const { items } = await cluster.client.list(nodes);
    expect(items.map(({ spec }) => spec?.podCIDRs).sort()).toEqual([
      ["10.200.0.0/24", "fd00:10::/64"],
      ["10.200.1.0/24", "fd00:10:0:1::/64"],
    ]);
  });
});

describe("a cluster without nodes", { timeout: 30_000 }, () => {
  test("leaves load balancers pending and has no storage class", async () => {
    await using cluster = await startCluster({ seed: 7 });
    await cluster.apply(service("one"));
    await cluster.advance("5s");
    expect((await cluster.client.get(services, place("one"))).status).toEqual({ loadBalancer: {} });
    expect((await cluster.client.list(storageClasses)).items).toEqual([]);
  });

  test("fills Secrets that ask for an account's token, and deletes them with the account", async () => {
    await using cluster = await startCluster({ seed: 7 });
    const { client } = cluster;
    await client.create(serviceAccounts, { metadata: place("robot") });
    await client.create(secrets, {
      metadata: { ...place("robot-token"), annotations: { "kubernetes.io/service-account.name": "robot" } },
      type: "kubernetes.io/service-account-token",
    });
    await cluster.advance("5s");
    const { data = {}, metadata } = await client.get(secrets, place("robot-token"));
    expect(Object.keys(data).sort()).toEqual(["ca.crt", "namespace", "token"]);
    expect(metadata.annotations?.["kubernetes.io/service-account.uid"]).toBe(
      (await client.get(serviceAccounts, place("robot"))).metadata.uid,
    );
    await client.delete(serviceAccounts, place("robot"));
    await cluster.advance("5s");
    await expect(client.get(secrets, place("robot-token"))).rejects.toMatchObject({ status: { reason: "NotFound" } });
  });

  test("notes that an admission policy has been seen", async () => {
    await using cluster = await startCluster({ seed: 7 });
    await cluster.apply({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "few" },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] }],
        },
        validations: [{ expression: "object.spec.replicas <= 5" }],
      },
    } as KubeObject);
    await cluster.advance("5s");
    const { spec, status } = await cluster.client.get(validatingAdmissionPolicies, { name: "few" });
    expect(status).toMatchObject({ observedGeneration: 1 });
    expect(spec?.validations).toHaveLength(1);
  });
});
