import { describe, expect, test } from "vitest";
import { judgeChange, judgeNew } from "../../testing/judge.ts";

const app = { name: "app", image: "shop/web:3" };
const pod = (spec: object, metadata: Record<string, unknown> = {}) => ({ kind: "Pod", metadata, spec: { containers: [app], ...spec } });
const container = (fields: object) => pod({ containers: [{ ...app, ...fields }] });

describe("A new pod", () => {
  test.each<[string, ReturnType<typeof pod>, string[]]>([
    ["is fine with an image", pod({}), []],
    ["has containers", pod({ containers: [] }), ["spec.containers: Required value"]],
    ["has an image in each of them", pod({ containers: [{ name: "app" }] }), ["spec.containers[0].image: Required value"]],
    ["has containers with names of their own", pod({ containers: [app, app] }), ['spec.containers[1].name: Duplicate value: "app"']],
    [
      "opens ports that exist",
      container({ ports: [{ containerPort: 0 }, { containerPort: 70000, name: "web" }, { containerPort: 80, name: "web" }] }),
      [
        "spec.containers[0].ports[0].containerPort: Required value",
        "spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
        'spec.containers[0].ports[2].name: Duplicate value: "web"',
      ],
    ],
    [
      "mounts what it has",
      container({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ],
    [
      "has volumes of one kind each",
      pod({ volumes: [{ name: "both", emptyDir: {}, hostPath: { path: "/x" } }] }),
      ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"],
    ],
    [
      "asks for no more than it may take",
      container({ resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m'],
    ],
    [
      "has probes with one action",
      container({ readinessProbe: { exec: { command: ["true"] }, tcpSocket: { port: 80 } } }),
      ["spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"],
    ],
    [
      "restarts in a known way",
      pod({ restartPolicy: "Sometimes" }),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      "gives reasons to tolerate that fit together",
      pod({ tolerations: [{ key: "gpu", operator: "Exists", value: "yes" }] }),
      ["spec.tolerations[0].operator: Invalid value: \"yes\": value must be empty when `operator` is 'Exists'"],
    ],
    [
      "has no ephemeral containers yet",
      pod({ ephemeralContainers: [{ name: "debug", image: "busybox" }] }),
      ["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    ],
    [
      "is on no node while it is gated",
      pod({ schedulingGates: [{ name: "shop.example/quota" }], nodeName: "n1" }),
      ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"],
    ],
  ])("%s", (_, given, expected) => {
    expect(judgeNew(given).errors).toEqual(expected);
  });

  test("requests what it limits", () => {
    const { object } = judgeNew(container({ resources: { limits: { memory: "64Mi" } } }));
    expect(object).toMatchObject({ spec: { containers: [{ resources: { requests: { memory: "64Mi" } } }] } });
  });

  test("pulls a moving tag always, and a fixed one when it is not there", () => {
    const { object } = judgeNew(pod({ containers: [app, { name: "side", image: "shop/side" }] }));
    expect(object).toMatchObject({ spec: { containers: [{ imagePullPolicy: "IfNotPresent" }, { imagePullPolicy: "Always" }] } });
  });

  test("has its AppArmor profile in an annotation too, until kubelets know the field", () => {
    const given = pod({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } });
    const annotations = { "container.apparmor.security.beta.kubernetes.io/app": "runtime/default" };
    expect(judgeNew(given).object.metadata.annotations).toEqual(annotations);
    expect(judgeNew(given, 36).object.metadata.annotations).toBeUndefined();
  });

  test("is warned of surprises", () => {
    const given = pod({
      containers: [
        {
          ...app,
          env: [
            { name: "MODE", value: "a" },
            { name: "MODE", value: "b" },
          ],
        },
      ],
      nodeSelector: { "beta.kubernetes.io/os": "linux" },
    });
    expect(judgeNew(given).warnings).toEqual([
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.containers[0].env[1]: hides previous definition of "MODE", which may be dropped when using apply',
    ]);
  });
});

describe("A change of a pod", () => {
  test("may be of images, labels and the deadline", () => {
    const after = pod({ containers: [{ ...app, image: "shop/web:4" }], activeDeadlineSeconds: 60 }, { labels: { tier: "front" } });
    expect(judgeChange(pod({}), after).errors).toEqual([]);
  });

  test("is of little else", () => {
    const [error, ...others] = judgeChange(pod({}), pod({ hostNetwork: true, dnsPolicy: "Default" })).errors;
    expect(error).toMatch(/^spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/);
    expect(others).toEqual([]);
  });

  test("neither adds nor removes containers", () => {
    const after = pod({ containers: [app, { name: "side", image: "shop/side:1" }] });
    expect(judgeChange(pod({}), after).errors).toEqual(["spec.containers: Forbidden: pod updates may not add or remove containers"]);
  });

  test("adds tolerations, but takes none away", () => {
    const tolerations = [{ key: "a", operator: "Exists" }];
    expect(judgeChange(pod({}), pod({ tolerations })).errors).toEqual([]);
    expect(judgeChange(pod({ tolerations }), pod({})).errors).toContain(
      "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
    );
  });

  test("brings ephemeral containers through their subresource only, and nothing else", () => {
    const after = pod({ ephemeralContainers: [{ name: "debug", image: "busybox:1" }], hostNetwork: true });
    const { object, errors } = judgeChange(pod({}), after, { subresource: "ephemeralcontainers" });
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ spec: { ephemeralContainers: [{ name: "debug" }] } });
    expect(object).not.toMatchObject({ spec: { hostNetwork: true } });
  });
});
