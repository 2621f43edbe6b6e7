import { defineConfig } from "vitest/config";

/** Suites that drive the built engine with foreign clients: kubectl, helm. One file at a time: each has a cluster of its own. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
