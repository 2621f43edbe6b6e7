import { expect, test } from "vitest";
import { storageVersionHash } from "./storage-version-hash.ts";
import { compareVersions } from "./versions.ts";

test("versions are ordered by stability, then by number", () => {
  const versions = ["v1alpha1", "foo", "v1", "v11beta2", "v2", "v10", "v1beta1", "bar"];
  expect(versions.sort(compareVersions)).toEqual(["v10", "v2", "v1", "v11beta2", "v1beta1", "v1alpha1", "bar", "foo"]);
});

test("the storage version's hash is what clients of any cluster see", () => {
  expect(storageVersionHash({ group: "", version: "v1", kind: "ConfigMap" })).toBe("qFsyl6wFWjQ=");
  expect(storageVersionHash({ group: "apps", version: "v1", kind: "Deployment" })).toBe("8aSe+NMegvE=");
});
