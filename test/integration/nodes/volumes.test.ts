import { expect, test } from "vitest";
import { configMaps, pods } from "../../../sandbox/api/resources.ts";
import { agnhost, script, simulatedCluster } from "./simulated-cluster.ts";

const config = (data: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "config", namespace: "default" },
  data,
});

test("files of volumes have the modes and the group that the pod asks for", async () => {
  await using simulated = await simulatedCluster("ann");
  await simulated.cluster.client.create(configMaps, config({ mode: "fast" }));
  await simulated.run("mount", {
    restartPolicy: "Never",
    securityContext: { runAsUser: 1000, fsGroup: 1001 },
    volumes: [
      { name: "config", configMap: { name: "config", defaultMode: 0o400 } },
      { name: "scratch", emptyDir: { medium: "Memory" } },
    ],
    containers: [
      {
        name: "main",
        image: agnhost,
        args: [
          "mounttest",
          "--fs_type=/scratch",
          "--new_file_0644=/scratch/file",
          "--file_owner=/scratch/file",
          "--file_mode=/config/mode",
          "--file_perm=/scratch",
          "--file_content=/config/mode",
        ],
        volumeMounts: [
          { name: "config", mountPath: "/config" },
          { name: "scratch", mountPath: "/scratch" },
        ],
      },
    ],
  });
  await simulated.cluster.advance("10s");
  const lines = (await simulated.logs("mount")).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      'mount type of "/scratch": tmpfs',
      'content of file "/scratch/file": mount-tester new file',
      'mode of file "/config/mode": -r--r-----',
      'perms of file "/scratch": -rwxrwxrwx',
      'owner UID of "/scratch/file": 1000',
      'owner GID of "/scratch/file": 1001',
      'content of file "/config/mode": fast',
    ]),
  );
});

test("a ConfigMap that changes changes in the pods that mount it, within a minute or so; labels at once", async () => {
  await using simulated = await simulatedCluster("ann");
  const { cluster } = simulated;
  await cluster.client.create(configMaps, config({ mode: "fast" }));
  await simulated.run(
    "reader",
    {
      volumes: [
        { name: "config", configMap: { name: "config" } },
        { name: "about", downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      ],
      containers: [
        {
          ...script("while true; do echo $(cat /config/mode) $(cat /about/labels); sleep 5; done"),
          volumeMounts: [
            { name: "config", mountPath: "/config" },
            { name: "about", mountPath: "/about" },
          ],
        },
      ],
    },
    { labels: { tier: "one" } },
  );
  await cluster.advance("10s");
  const last = async (): Promise<string | undefined> => (await simulated.logs("reader")).trimEnd().split("\n").at(-1);
  expect(await last()).toBe('fast tier="one"');
  await cluster.client.patch(
    pods,
    { namespace: "default", name: "reader" },
    { type: "merge", body: { metadata: { labels: { tier: "two" } } } },
  );
  await cluster.advance("10s");
  expect(await last()).toBe('fast tier="two"');
  await cluster.apply(config({ mode: "slow" }));
  await cluster.advance("70s");
  expect(await last()).toBe('slow tier="two"');
});

test("a pod whose ConfigMap does not exist waits for it", async () => {
  await using simulated = await simulatedCluster("ann");
  const { cluster } = simulated;
  await simulated.run("reader", {
    restartPolicy: "Never",
    volumes: [{ name: "config", configMap: { name: "config" } }],
    containers: [{ ...script("cat /config/mode"), volumeMounts: [{ name: "config", mountPath: "/config" }] }],
  });
  await cluster.advance("60s");
  expect(simulated.pod("reader")?.status?.phase).toBe("Pending");
  await cluster.client.create(configMaps, config({ mode: "late" }));
  await cluster.advance("130s");
  expect(simulated.pod("reader")?.status?.phase).toBe("Succeeded");
  expect((await simulated.logs("reader")).trim()).toBe("late");
});

test("a part of a volume is made when it is not there, by a name from the environment", async () => {
  await using simulated = await simulatedCluster("ann");
  await simulated.run("parts", {
    restartPolicy: "Never",
    volumes: [{ name: "scratch", emptyDir: {} }],
    containers: [
      {
        ...script("echo hi > /part/file; cat /whole/parts/file"),
        env: [{ name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
        volumeMounts: [
          { name: "scratch", mountPath: "/part", subPathExpr: "$(NAME)" },
          { name: "scratch", mountPath: "/whole" },
        ],
      },
    ],
  });
  await simulated.cluster.advance("10s");
  expect(await simulated.logs("parts")).toBe("hi\n");
});
