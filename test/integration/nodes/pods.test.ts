import { expect, test } from "vitest";
import { pods } from "../../../sandbox/api/resources.ts";
import { agnhost, script, simulatedCluster } from "./simulated-cluster.ts";

test("a container's last words are in its status: its own message, or the end of its log after an error", async () => {
  await using simulated = await simulatedCluster("ann");
  await simulated.run("words", {
    restartPolicy: "Never",
    containers: [
      { ...script("printf DONE > /dev/termination-log; exit 1"), name: "own" },
      { ...script("printf LAST; exit 1"), name: "log", terminationMessagePolicy: "FallbackToLogsOnError" },
      { ...script("printf fine"), name: "fine", terminationMessagePolicy: "FallbackToLogsOnError" },
      { ...script("printf OK > /tmp/last"), name: "path", terminationMessagePath: "/tmp/last" },
    ],
  });
  await simulated.cluster.advance("10s");
  const { phase, containerStatuses } = simulated.pod("words")!.status!;
  expect(phase).toBe("Failed");
  expect(containerStatuses?.map(({ state }) => state?.terminated?.message)).toEqual(["DONE", "LAST", undefined, "OK"]);
});

test("init containers run one after another, and a failing one is tried again with back-off", async () => {
  await using simulated = await simulatedCluster("ann");
  const init = [
    { ...script("exit 1"), name: "first" },
    { ...script("exit 0"), name: "second" },
  ];
  await simulated.run("again", { initContainers: init, containers: [script("sleep 1000")] });
  await simulated.run("once", { restartPolicy: "Never", initContainers: init, containers: [script("sleep 1000")] });
  await simulated.cluster.advance("50s");
  const again = simulated.pod("again")!.status!;
  expect(again.phase).toBe("Pending");
  expect(again.initContainerStatuses?.map(({ restartCount, state }) => [restartCount, state?.waiting?.reason])).toEqual([
    [3, "CrashLoopBackOff"],
    [0, "PodInitializing"],
  ]);
  const once = simulated.pod("once")!.status!;
  expect(once.phase).toBe("Failed");
  expect(once.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(1);
  expect(once.containerStatuses?.[0]?.state?.waiting?.reason).toBe("PodInitializing");
});

test("a container that fails its liveness probe is started again", async () => {
  await using simulated = await simulatedCluster("ann");
  const livenessProbe = { httpGet: { path: "/healthz", port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 };
  await simulated.run("sick", { containers: [{ name: "main", image: agnhost, args: ["liveness"], livenessProbe }] });
  await simulated.run("well", {
    containers: [
      { name: "main", image: agnhost, args: ["netexec"], livenessProbe: { ...livenessProbe, httpGet: { path: "/healthz", port: 8080 } } },
    ],
  });
  await simulated.cluster.advance("25s");
  expect(simulated.pod("sick")?.status?.containerStatuses?.[0]?.restartCount).toBe(1);
  expect(simulated.pod("well")?.status?.containerStatuses?.[0]?.restartCount).toBe(0);
});

test("a pod ends when its deadline is over", async () => {
  await using simulated = await simulatedCluster("ann");
  await simulated.run("slow", { activeDeadlineSeconds: 20, terminationGracePeriodSeconds: 1, containers: [script("sleep 1000")] });
  await simulated.cluster.advance("30s");
  expect(simulated.pod("slow")?.status).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" });
});

test("a deleted pod has its grace period; a forced deletion does not wait", async () => {
  await using simulated = await simulatedCluster("ann");
  const { cluster } = simulated;
  for (const name of ["patient", "forced"]) await simulated.run(name, { containers: [script("sleep 1000")] });
  await cluster.advance("5s");
  await cluster.client.delete(pods, { namespace: "default", name: "patient" }, { gracePeriodSeconds: 30 });
  await cluster.client.delete(pods, { namespace: "default", name: "forced" }, { gracePeriodSeconds: 0 });
  await cluster.advance("20s");
  expect(cluster.pods().map(({ metadata }) => metadata.name)).toEqual(["patient"]);
  await cluster.advance("15s");
  expect(cluster.pods()).toEqual([]);
});

test("statuses say which generation they are about, who the containers run as and what they were given", async () => {
  await using simulated = await simulatedCluster("ann");
  const resources = { requests: { cpu: "100m" }, limits: { memory: "64Mi" } };
  await simulated.run("plain", {
    securityContext: { runAsUser: 1000, runAsGroup: 3000 },
    containers: [{ ...script("sleep 1000"), resources }],
  });
  await simulated.cluster.advance("5s");
  const { observedGeneration, containerStatuses } = simulated.pod("plain")!.status!;
  expect(observedGeneration).toBe(1);
  expect(containerStatuses?.[0]).toMatchObject({
    allocatedResources: { cpu: "100m", memory: "64Mi" },
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    user: { linux: { uid: 1000, gid: 3000, supplementalGroups: [3000] } },
  });
});

test("the test image prints what it was called with", async () => {
  await using simulated = await simulatedCluster("ann");
  await simulated.run("words", {
    restartPolicy: "Never",
    containers: [
      { name: "args", image: agnhost, args: ["entrypoint-tester", "override", "arguments"] },
      { name: "command", image: agnhost, command: ["/agnhost-2", "entrypoint-tester"] },
    ],
  });
  await simulated.cluster.advance("10s");
  expect(await simulated.logs("words", "args")).toBe("[/agnhost entrypoint-tester override arguments]\n");
  expect(await simulated.logs("words", "command")).toBe("[/agnhost-2 entrypoint-tester]\n");
});
