import { describe, expect, test } from "vitest";
import { judgeChange, judgeNew } from "../../testing/judge.ts";

const service = (spec: object = {}) => ({ kind: "Service", spec: { ports: [{ port: 80 }], selector: { app: "web" }, ...spec } });

test("A Service is reached on its port by TCP, from inside, without affinity", () => {
  expect(judgeNew(service()).object).toMatchObject({
    spec: { type: "ClusterIP", sessionAffinity: "None", internalTrafficPolicy: "Cluster", ports: [{ protocol: "TCP", targetPort: 80 }] },
  });
});

describe("A new Service", () => {
  test.each<[string, object, string[]]>([
    ["has ports", { ports: [] }, ["spec.ports: Required value"]],
    [
      "names its ports when it has several",
      { ports: [{ port: 80 }, { port: 443 }] },
      ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
    ],
    [
      "opens each port once",
      {
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 80 },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}'],
    ],
    [
      "has no node ports inside the cluster",
      { ports: [{ port: 80, nodePort: 30080 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    ["is named elsewhere by a name", { type: "ExternalName", ports: [] }, ["spec.externalName: Required value"]],
    [
      "is of a known type",
      { type: "Magic" },
      ['spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
    ],
    [
      "restricts who comes only at a load balancer",
      { loadBalancerSourceRanges: ["10.0.0.0/8"] },
      ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    ],
  ])("%s", (_, spec, expected) => {
    expect(judgeNew(service(spec)).errors).toEqual(expected);
  });
});

test("A Service keeps its address", () => {
  const [before, after] = ["10.96.0.7", "10.96.0.8"].map((clusterIP) => service({ clusterIP, clusterIPs: [clusterIP] }));
  expect(judgeChange(before!, after!).errors).toContain(
    'spec.clusterIPs[0]: Invalid value: []string{"10.96.0.8"}: may not change once set',
  );
});
