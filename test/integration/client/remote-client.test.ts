import { expect, test } from "vitest";
import { hasReason } from "../../../sandbox/apimachinery/errors/status.ts";
import { configMaps } from "../../../sandbox/api/resources.ts";
import { remoteClient } from "../../../sandbox/client/rest/remote-client.ts";
import { startCluster } from "../../../sandbox/cluster/cluster.ts";

test("a client over HTTPS reads, writes and watches as one within the process does", async () => {
  await using cluster = await startCluster({
    live: true,
    seed: 5,
    nodes: 0,
    disable: ["scheduler", "controller-manager", "kubelet"],
    listen: { port: 0 },
  });
  const { ca, admin } = cluster.controlPlane.pki;
  const client = remoteClient({
    server: cluster.url ?? "",
    certificateAuthority: ca.certificate,
    clientCertificate: admin.certificate,
    clientKey: admin.key,
    userAgent: "test",
  });
  const place = { namespace: "default", name: "settings" };
  const list = await client.list(configMaps, { namespace: "default" });
  const seen: string[] = [];
  const watched = new Promise<void>((resolve, reject) => {
    const watch = client.watch(
      configMaps,
      { namespace: "default", resourceVersion: list.metadata.resourceVersion ?? "" },
      {
        event: (event) => {
          if (event.type === "BOOKMARK") return;
          seen.push(`${event.type} ${event.object.data?.["mode"] ?? ""}`);
          if (event.type !== "DELETED") return;
          watch.stop();
          resolve();
        },
        ended: (error) => error && reject(error),
      },
    );
  });
  await client.create(configMaps, { metadata: place, data: { mode: "slow" } });
  await expect(client.create(configMaps, { metadata: place })).rejects.toSatisfy((error) => hasReason(error, "AlreadyExists"));
  await client.patch(configMaps, place, { type: "merge", body: { data: { mode: "fast" } } });
  expect((await client.get(configMaps, place)).data).toEqual({ mode: "fast" });
  await client.delete(configMaps, place);
  await watched;
  expect(seen).toEqual(["ADDED slow", "MODIFIED fast", "DELETED fast"]);
  await expect(client.get(configMaps, place)).rejects.toSatisfy((error) => hasReason(error, "NotFound"));
});
