import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { SimulatedNetwork } from "../../network/simulated/simulated-network.ts";
import { runtimeCases } from "../cri.cases.ts";
import { MemoryFiles } from "./memory-files.ts";
import { SimulatedRuntime } from "./simulated-runtime.ts";

runtimeCases(() => {
  const clock = new ClusterClock({ start: Date.UTC(2026, 0, 1), speed: 0 });
  const network = new SimulatedNetwork();
  const files = new MemoryFiles();
  const runtime = new SimulatedRuntime({
    clock,
    random: new SeededRandom(1),
    files,
    network,
    podNetwork: network.forNode(() => "10.244.0.0/24"),
    node: { name: "ann", address: "172.18.0.2" },
  });
  return Promise.resolve({
    runtime,
    files,
    async until(work) {
      let over = false;
      const done = work.finally(() => (over = true));
      done.catch(() => undefined);
      for (let seconds = 0; !over && seconds < 300; seconds++) {
        await clock.settle();
        if (!over) await clock.advance(1000);
      }
      return done;
    },
  });
});
