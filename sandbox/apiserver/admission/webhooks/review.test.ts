import { describe, expect, test } from "vitest";
import { responseIn } from "./review.ts";

const review = (response: object | undefined, apiVersion = "admission.k8s.io/v1"): string =>
  JSON.stringify({ apiVersion, kind: "AdmissionReview", response });

test("a response that belongs to the request is taken", () => {
  expect(responseIn(review({ uid: "u", allowed: true }), "v1", "u", false)).toEqual({ uid: "u", allowed: true });
});

describe("a webhook's answer is refused", () => {
  test.each([
    ["without a response", review(undefined), "received invalid webhook response: webhook response was absent"],
    ["for another request", review({ uid: "x" }), 'received invalid webhook response: expected response.uid="u", got "x"'],
    [
      "in another version",
      review({ uid: "u" }, "admission.k8s.io/v1beta1"),
      "failed to call webhook: converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion",
    ],
    [
      "with a patch where it may only refuse",
      review({ uid: "u", allowed: true, patch: "W10=", patchType: "JSONPatch" }),
      "received invalid webhook response: validating webhook may not return response.patch",
    ],
  ])("%s", (_, text, words) => {
    expect(() => responseIn(text, "v1", "u", false)).toThrow(words);
  });
});

test("a patch says of what type it is", () => {
  expect(() => responseIn(review({ uid: "u", allowed: true, patch: "W10=" }), "v1", "u", true)).toThrow(
    "webhook returned response.patch but not response.patchType",
  );
});
