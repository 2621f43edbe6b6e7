import { expect, test } from "vitest";
import { configMaps, deployments, nodes } from "../../api/resources.ts";
import { pathOf } from "./remote-client.ts";

test("every object has its place in the API's paths", () => {
  expect(pathOf(deployments, { namespace: "shop", name: "web" }, "status")).toBe("/apis/apps/v1/namespaces/shop/deployments/web/status");
  expect(pathOf(configMaps, {})).toBe("/api/v1/configmaps");
  expect(pathOf(nodes, { namespace: "ignored", name: "ann" })).toBe("/api/v1/nodes/ann");
});
