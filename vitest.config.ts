import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "sandbox/**/*.test.ts",
      "extension/**/*.test.ts",
      "media/**/*.test.ts",
      "test/{conformance,integration,simulation,architecture}/**/*.test.ts",
    ],
    pool: "forks",
    testTimeout: 20_000,
  },
});
