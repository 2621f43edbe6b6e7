import { failure, type StatusError } from "../../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { Clock } from "../../../base/clock/clock.ts";
import type { Random } from "../../../base/random/random.ts";
import type { ClientConfig } from "../../admission/webhooks/webhook-client.ts";
import type { Conversion } from "../definition/definition.ts";
import { BadConversion, convertedIn, kindWords, problemOf, withOwnMetadata } from "./conversion-review.ts";

/** How conversion webhooks are reached. */
export interface ConversionCalls {
  readonly post: (config: ClientConfig, review: unknown, timeoutSeconds: number) => Promise<string>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Objects as a version (`example.com/v2`) has them, in their order. Throws a 500 with upstream's words when the webhook does not do its part. */
export type Convert = (objects: readonly AnyObject[], apiVersion: string) => Promise<readonly AnyObject[]>;

/** As long as Go's client waits. Seconds. */
const patience = 30;

const understood: readonly string[] = ["v1", "v1beta1"];

/** Conversion by the webhook of a definition (webhookConverter): all objects that need it go in one review. */
export const webhookConversion = ({ webhook }: Conversion, { post, clock, random }: ConversionCalls): Convert => {
  const version = webhook?.conversionReviewVersions?.find((each) => understood.includes(each)) ?? "v1";
  return async (objects, apiVersion) => {
    const foreign = objects.filter((object) => object.apiVersion !== apiVersion);
    const [first] = foreign;
    if (!first) return objects;
    const refuse = (words: string): StatusError => failure(500, "", `conversion webhook for ${kindWords(first)} ${words}`);
    const uid = random.uuid();
    const review = {
      kind: "ConversionReview",
      apiVersion: `apiextensions.k8s.io/${version}`,
      request: { uid, desiredAPIVersion: apiVersion, objects: foreign },
    };
    let answered: readonly unknown[];
    try {
      const text = await clock.busy(post(webhook?.clientConfig ?? {}, review, patience));
      answered = convertedIn(text, version, uid);
    } catch (error) {
      throw refuse(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (answered.length !== foreign.length) throw refuse(`returned ${String(answered.length)} objects, expected ${String(foreign.length)}`);
    const checked = new Map(foreign.map((original, at) => [original, taken(answered[at], original, apiVersion, refuse)]));
    return objects.map((object) => checked.get(object) ?? object);
  };
};

const taken = (converted: unknown, original: AnyObject, apiVersion: string, refuse: (words: string) => StatusError): AnyObject => {
  const problem = problemOf(converted, original, apiVersion);
  if (problem !== undefined) throw refuse(`returned invalid object${problem.startsWith("invalid ") ? " at index 0" : ""}: ${problem}`);
  try {
    return withOwnMetadata(converted as AnyObject, original);
  } catch (error) {
    throw error instanceof BadConversion ? refuse(`returned invalid metadata: ${error.message}`) : error;
  }
};
