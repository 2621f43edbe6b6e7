import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasKubectl, KubectlSession } from "./kubectl.ts";

describe.skipIf(!hasKubectl())("kubectl asks who may what", () => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.start({ disable: ["scheduler", "controller-manager", "kubelet"] });
  }, 60_000);
  afterAll(() => session[Symbol.asyncDispose]());

  test("whoami names the certificate's holder and groups", async () => {
    const answer = await session.ask("auth", "whoami");
    expect(answer).toMatch(/Username +admin/);
    expect(answer).toContain("[system:masters system:authenticated]");
  });

  test("can-i follows roles and bindings", async () => {
    expect((await session.run("auth", "can-i", "list", "pods", "--as=ann")).stdout).toBe("no\n");
    await session.ask("create", "role", "reader", "--verb=list", "--resource=pods");
    await session.ask("create", "rolebinding", "reader", "--role=reader", "--user=ann");
    expect(await session.ask("auth", "can-i", "list", "pods", "--as=ann")).toBe("yes\n");
    expect((await session.run("auth", "can-i", "list", "pods", "--as=ann", "-n", "kube-system")).stdout).toBe("no\n");
    expect(await session.ask("auth", "can-i", "--list", "--as=ann")).toMatch(/^pods +\[\] +\[\] +\[list\]/m);
  });

  test("who may not is told what exactly", async () => {
    const { code, stderr } = await session.run("get", "secrets", "--as=bob");
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "bob" cannot list resource "secrets" in API group "" in the namespace "default"\n',
    );
  });

  test("nobody grants what they do not hold", async () => {
    await session.ask("create", "clusterrole", "granter", "--verb=create", "--resource=roles.rbac.authorization.k8s.io");
    await session.ask("create", "clusterrolebinding", "granter", "--clusterrole=granter", "--user=eve");
    const { stderr } = await session.run("create", "role", "more", "--verb=get", "--resource=secrets", "--as=eve");
    expect(stderr).toContain("is attempting to grant RBAC permissions not currently held");
    expect(stderr).toContain('{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}');
  });

  test("a service account's token lets its holder in, and nobody else's does", async () => {
    await session.ask("create", "serviceaccount", "robot");
    const token = (await session.ask("create", "token", "robot", "--duration=20m")).trim();
    const server = session.cluster.url ?? "";
    const asRobot = await session.run(
      "--kubeconfig=/dev/null",
      `--server=${server}`,
      "--insecure-skip-tls-verify",
      `--token=${token}`,
      "auth",
      "whoami",
      "-o",
      "jsonpath={.status.userInfo.username}",
    );
    expect(asRobot.stdout).toBe("system:serviceaccount:default:robot");
    const forged = await session.run(
      "--kubeconfig=/dev/null",
      `--server=${server}`,
      "--insecure-skip-tls-verify",
      `--token=${token.slice(0, -4)}AAAA`,
      "get",
      "pods",
    );
    expect(forged.stderr).toContain("Unauthorized");
  });
});
