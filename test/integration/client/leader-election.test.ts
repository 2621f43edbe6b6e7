import { expect, test } from "vitest";
import { SeededRandom } from "../../../sandbox/base/random/random.ts";
import { runForLeader } from "../../../sandbox/client/leases/leader-election.ts";
import { startCluster } from "../../../sandbox/cluster/cluster.ts";

test("of two candidates exactly one leads; when it dies the other takes over once the lease has run out", async () => {
  await using cluster = await startCluster({ seed: 5, nodes: 0, disable: ["scheduler", "controller-manager", "kubelet"] });
  const leading = new Set<string>();
  const candidate = (identity: string, seed: number, signal: AbortSignal) =>
    runForLeader(
      {
        client: cluster.client,
        clock: cluster.clock,
        random: new SeededRandom(seed),
        lease: { namespace: "kube-system", name: "boss" },
        identity,
        onStartedLeading: () => leading.add(identity),
        onStoppedLeading: () => leading.delete(identity),
      },
      signal,
    );
  const [ann, bob] = [new AbortController(), new AbortController()];
  void candidate("ann", 1, ann.signal);
  await cluster.advance("5s");
  const second = candidate("bob", 2, bob.signal);
  await cluster.advance("60s");
  expect([...leading]).toEqual(["ann"]);
  ann.abort();
  await cluster.advance("30s");
  expect([...leading]).toEqual(["bob"]);
  bob.abort();
  await second;
  expect([...leading]).toEqual([]);
});
