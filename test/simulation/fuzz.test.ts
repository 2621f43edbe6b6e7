import { describe, expect, test } from "vitest";
import { packVersions } from "../../sandbox/api/pack/load-pack.ts";
import { fuzz } from "../fuzz/fuzz.ts";

const isLong = process.env["DRYDOCK_LONG"] === "1";
/** Over both releases together: 3,000 in each run, 200,000 in the long one. */
const requests = (isLong ? 200_000 : 3000) / packVersions.length;
const seed = Number(process.env["DRYDOCK_SEED"] ?? 1);

describe("an API server", () => {
  test.each(packVersions)(
    "of %s answers whatever it is sent, and never with a fault of its own",
    { timeout: isLong ? 1_800_000 : 60_000 },
    async (version) => {
      const { codes, failures } = await fuzz(version, seed, requests);
      expect(failures.join("\n\n")).toBe("");
      // The requests are no mere noise: every usual answer is among them.
      for (const code of [200, 201, 400, 403, 404, 405, 409, 415, 422]) expect(codes.get(code) ?? 0, String(code)).toBeGreaterThan(0);
    },
  );
});
