import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasKubectl, KubectlSession } from "./kubectl.ts";

const manifest = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: blue
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: web, image: "registry.test/web:1" }] }
`;

describe.skipIf(!hasKubectl())("kubectl keeps objects", () => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.start({ disable: ["scheduler", "controller-manager", "kubelet"] });
  }, 60_000);
  afterAll(() => session[Symbol.asyncDispose]());

  test("apply creates, finds nothing to do, changes, and diff shows the change beforehand", async () => {
    const file = await session.file("shop.yaml", manifest);
    expect(await session.ask("apply", "-f", file)).toBe("configmap/settings created\ndeployment.apps/shop created\n");
    expect(await session.ask("apply", "-f", file)).toBe("configmap/settings unchanged\ndeployment.apps/shop unchanged\n");
    const changed = await session.file("shop-2.yaml", manifest.replace("blue", "green"));
    const difference = await session.run("diff", "-f", changed);
    expect(difference.code).toBe(1);
    expect(difference.stdout).toContain("-  colour: blue\n+  colour: green");
    expect(await session.ask("apply", "-f", changed)).toContain("configmap/settings configured");
    expect(await session.ask("get", "configmap", "settings", "-o", "jsonpath={.data.colour}")).toBe("green");
  });

  test("server-side apply refuses to take over another manager's field unless forced", async () => {
    const owned = (value: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"owned"},"data":{"k":"${value}"}}`;
    await session.pipe(owned("a"), "apply", "--server-side", "--field-manager=ann", "-f", "-");
    const refused = await session.pipe(owned("b"), "apply", "--server-side", "--field-manager=bob", "-f", "-");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('conflict with "ann": .data.k');
    const forced = await session.pipe(owned("b"), "apply", "--server-side", "--field-manager=bob", "--force-conflicts", "-f", "-");
    expect(forced.stdout).toBe("configmap/owned serverside-applied\n");
  });

  test("create, label, annotate, patch, replace and delete answer as a cluster's do", async () => {
    expect(await session.ask("create", "configmap", "plain", "--from-literal=a=1")).toBe("configmap/plain created\n");
    const again = await session.run("create", "configmap", "plain");
    expect(again.stderr).toBe('error: failed to create configmap: configmaps "plain" already exists\n');
    expect(await session.ask("label", "configmap", "plain", "tier=back")).toBe("configmap/plain labeled\n");
    expect(await session.ask("annotate", "configmap", "plain", "note=x")).toBe("configmap/plain annotated\n");
    expect(await session.ask("patch", "configmap", "plain", "-p", '{"data":{"b":"2"}}')).toBe("configmap/plain patched\n");
    expect(await session.ask("patch", "configmap", "plain", "--type=json", "-p", '[{"op":"remove","path":"/data/a"}]')).toBe(
      "configmap/plain patched\n",
    );
    expect(await session.ask("get", "configmap", "-l", "tier=back", "-o", "jsonpath={.items[*].data}")).toBe('{"b":"2"}');
    const held = await session.ask("get", "configmap", "plain", "-o", "yaml");
    expect((await session.pipe(held.replace('b: "2"', 'b: "3"'), "replace", "-f", "-")).stdout).toBe("configmap/plain replaced\n");
    expect(await session.ask("delete", "configmap", "plain")).toBe('configmap "plain" deleted\n');
    expect((await session.run("get", "configmap", "plain")).stderr).toBe('Error from server (NotFound): configmaps "plain" not found\n');
  });

  test("an invalid object is refused with the field that is wrong", async () => {
    const { code, stderr } = await session.pipe(
      manifest.replace("{ app: shop } }\n  template", "{ app: other } }\n  template"),
      "apply",
      "-f",
      "-",
    );
    expect(code).toBe(1);
    expect(stderr).toContain('The Deployment "shop" is invalid');
    expect(stderr).toContain("spec.template.metadata.labels");
  });

  test("an unknown field is refused before anything is written", async () => {
    const { code, stderr } = await session.pipe(manifest.replace("replicas: 2", "replica: 2"), "apply", "-f", "-");
    expect(code).toBe(1);
    expect(stderr).toContain('unknown field "spec.replica"');
  });

  test("a watch shows what is changed while it runs", async () => {
    const watching = session.run("get", "configmap", "--watch-only", "-o", "name", "--request-timeout=3s");
    await session.cluster.clock.sleep(1000);
    await session.ask("create", "configmap", "seen");
    expect((await watching).stdout).toContain("configmap/seen");
  });
});
