import { expect, test } from "vitest";
import { services } from "../../../sandbox/api/resources.ts";
import type { Service } from "../../../sandbox/api/types.ts";
import { agnhost, script, simulatedCluster, type SimulatedCluster } from "./simulated-cluster.ts";

const service = (name: string, spec: Service["spec"]): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec,
});

const webShop = async ({ cluster, run }: SimulatedCluster, spec: Partial<NonNullable<Service["spec"]>> = {}): Promise<void> => {
  const ports = [{ name: "http", port: 80, targetPort: 8080 }];
  await cluster.client.create(services, service("web", { selector: { app: "web" }, ports, ...spec }));
  for (const name of ["web-a", "web-b"])
    await run(
      name,
      {
        hostname: name,
        subdomain: "web",
        containers: [{ name: "main", image: agnhost, args: ["netexec"], readinessProbe: { httpGet: { path: "/healthz", port: 8080 } } }],
      },
      { labels: { app: "web" } },
    );
  await cluster.advance("20s");
};

test("a pod reaches a Service by its name, and each request some endpoint", async () => {
  await using simulated = await simulatedCluster("ann", "bob");
  await webShop(simulated);
  await simulated.run("client", {
    restartPolicy: "Never",
    containers: [script("for i in 1 2 3 4 5 6 7 8 9 10; do wget -qO- http://web/hostname; echo; done | sort -u")],
  });
  await simulated.cluster.advance("20s");
  expect(await simulated.logs("client")).toBe("web-a\nweb-b\n");
});

test("the pods of a headless Service have names of their own", async () => {
  await using simulated = await simulatedCluster("ann", "bob");
  await webShop(simulated, { clusterIP: "None" });
  await simulated.run("client", {
    restartPolicy: "Never",
    containers: [
      script(
        "wget -qO- http://web-b.web:8080/hostname; echo; nslookup web | grep -c ^Name; dig +short _http._tcp.web.default.svc.cluster.local SRV | wc -l",
      ),
    ],
  });
  await simulated.cluster.advance("20s");
  expect(await simulated.logs("client")).toBe("web-b\n2\n2\n");
});

test("a Service without endpoints refuses, and a name that nobody has is not found", async () => {
  await using simulated = await simulatedCluster("ann");
  await simulated.cluster.client.create(services, service("void", { selector: { app: "none" }, ports: [{ port: 80 }] }));
  await simulated.run("client", {
    restartPolicy: "Never",
    containers: [script("curl -s http://void; echo $?; curl -s http://nobody; echo $?")],
  });
  await simulated.cluster.advance("20s");
  const logs = await simulated.logs("client");
  expect(logs.split("\n").filter((line) => /^\d+$/.test(line))).toEqual(["7", "6"]);
});

test("a client keeps its endpoint where the Service says so", async () => {
  await using simulated = await simulatedCluster("ann");
  await webShop(simulated, { sessionAffinity: "ClientIP" });
  await simulated.run("client", {
    restartPolicy: "Never",
    containers: [script("for i in 1 2 3 4 5 6 7 8; do wget -qO- http://web/hostname; echo; done | sort -u | wc -l")],
  });
  await simulated.cluster.advance("20s");
  expect(await simulated.logs("client")).toBe("1\n");
});

test("a node port answers at every node's address", async () => {
  await using simulated = await simulatedCluster("ann", "bob");
  await webShop(simulated, { type: "NodePort", ports: [{ name: "http", port: 80, targetPort: 8080, nodePort: 30_123 }] });
  await simulated.run("client", {
    restartPolicy: "Never",
    containers: [{ ...script("for host in 172.18.0.2 172.18.0.3; do wget -qO- http://$host:30123/echo?msg=here; echo; done") }],
  });
  await simulated.cluster.advance("20s");
  expect(await simulated.logs("client")).toBe("here\nhere\n");
});
