import { failure, type StatusError } from "../../apimachinery/errors/status.ts";

/**
 * The number in a resourceVersion, 0 where it is empty. Upstream refuses anything else with an error of no reason, which becomes a 500.
 */
export const parseResourceVersion = (text: string | undefined): number => {
  if (text === undefined || text === "") return 0;
  if (!/^[0-9]{1,20}$/.test(text)) throw badVersion(text);
  return Number(text);
};

const badVersion = (text: string): StatusError => {
  const shown = JSON.stringify(text);
  return failure(500, "", `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`);
};

/** The refusal of a read that asks for a revision which has not been written, after the server waited for it. */
export const tooLargeResourceVersion = (asked: number, current: number): StatusError =>
  failure(504, "Timeout", `Timeout: Too large resource version: ${String(asked)}, current: ${String(current)}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });

/** How long a read waits for a revision that the cache has not seen. Milliseconds. */
export const freshnessPatience = 3_000;
