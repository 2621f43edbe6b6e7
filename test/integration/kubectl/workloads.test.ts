import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasKubectl, KubectlSession } from "./kubectl.ts";

describe.skipIf(!hasKubectl())("kubectl runs workloads", () => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.start({ nodes: ["ann"] });
    await session.ask("wait", "--for=condition=Ready", "node/ann", "--timeout=20s");
    await session.run("taint", "nodes", "ann", "node.kubernetes.io/not-ready:NoSchedule-");
    await session.ask("create", "deployment", "web", "--image=nginx", "--replicas=2");
    await session.ask("rollout", "status", "deployment/web", "--timeout=30s");
  }, 90_000);
  afterAll(() => session[Symbol.asyncDispose]());

  const pod = (): Promise<string> => session.ask("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}");

  test("logs are what the container wrote", async () => {
    const name = await pod();
    expect(await session.ask("logs", name)).not.toBe("");
    expect((await session.ask("logs", name, "--tail=1")).trim().split("\n")).toHaveLength(1);
    expect((await session.run("logs", name, "-c", "nope")).stderr).toContain(`container nope is not valid for pod ${name}`);
  });

  test("exec runs a command, passes what is typed, and ends with its exit code", async () => {
    const name = await pod();
    expect(await session.ask("exec", name, "--", "echo", "hello")).toBe("hello\n");
    expect((await session.pipe("typed\n", "exec", "-i", name, "--", "cat")).stdout).toBe("typed\n");
    expect((await session.run("exec", name, "--", "sh", "-c", "exit 7")).code).toBe(7);
  });

  test("a pod and a service are reached through the API server's proxy", async () => {
    const name = await pod();
    expect(await session.ask("get", "--raw", `/api/v1/namespaces/default/pods/${name}:80/proxy/`)).toContain("nginx");
  });

  test("scale, rollout undo and delete change what runs", async () => {
    await session.ask("set", "image", "deployment/web", "nginx=nginx:2");
    await session.ask("rollout", "status", "deployment/web", "--timeout=30s");
    await session.ask("rollout", "undo", "deployment/web");
    await session.ask("rollout", "status", "deployment/web", "--timeout=30s");
    expect(await session.ask("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}")).toBe("nginx");
    await session.ask("scale", "deployment/web", "--replicas=1");
    await session.ask("delete", "deployment", "web", "--cascade=foreground", "--timeout=60s");
    expect((await session.run("get", "pods", "-l", "app=web", "--no-headers")).stderr).toContain("No resources found");
  });
});
