import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasKubectl, KubectlSession } from "./kubectl.ts";

describe.skipIf(!hasKubectl())("kubectl finds its way", () => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.start({ disable: ["scheduler", "controller-manager", "kubelet"] });
  }, 60_000);
  afterAll(() => session[Symbol.asyncDispose]());

  test("api-resources knows short names, groups and scopes", async () => {
    const table = await session.ask("api-resources", "--no-headers");
    expect(table).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(table).toMatch(/^nodes +no +v1 +false +Node$/m);
  });

  test("api-versions lists every group version", async () => {
    const versions = (await session.ask("api-versions")).trim().split("\n");
    expect(versions).toEqual(expect.arrayContaining(["v1", "apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1"]));
  });

  test("explain tells what a field is", async () => {
    const text = await session.ask("explain", "pod.spec.containers.image");
    expect(text).toContain("FIELD: image <string>");
    expect(text).toContain("Container image name.");
  });

  test("version, cluster-info and readiness are those of a cluster", async () => {
    expect(await session.ask("version")).toContain("Server Version: v1.32.");
    expect(await session.ask("cluster-info")).toContain("is running at");
    expect(await session.ask("get", "--raw", "/readyz")).toBe("ok");
    expect(await session.ask("get", "--raw", "/readyz?verbose")).toContain("readyz check passed");
  });

  test("a custom resource is served, explained and listed with its columns", async () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "boats.test.example" },
      spec: {
        group: "test.example",
        scope: "Namespaced",
        names: { plural: "boats", singular: "boat", kind: "Boat", shortNames: ["bt"] },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { spec: { type: "object", properties: { masts: { type: "integer", description: "How many masts." } } } },
              },
            },
            additionalPrinterColumns: [{ name: "Masts", type: "integer", jsonPath: ".spec.masts" }],
          },
        ],
      },
    };
    await session.pipe(JSON.stringify(definition), "apply", "-f", "-");
    await session.ask("wait", "--for=condition=Established", "crd/boats.test.example", "--timeout=10s");
    expect(
      (
        await session.pipe(
          '{"apiVersion":"test.example/v1","kind":"Boat","metadata":{"name":"ann"},"spec":{"masts":3}}',
          "apply",
          "-f",
          "-",
        )
      ).stdout,
    ).toBe("boat.test.example/ann created\n");
    expect(await session.ask("get", "bt", "--no-headers")).toMatch(/^ann +3\s*$/);
    expect(await session.ask("explain", "boat.spec.masts")).toContain("How many masts.");
    expect(await session.ask("get", "apiservice", "v1.test.example", "--no-headers")).toMatch(/^v1\.test\.example +Local +True/);
  });
});
