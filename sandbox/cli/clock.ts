import type { ClockObject } from "../cluster/drydock-api/clock.ts";
import { clusterOptions, withCluster } from "./connection.ts";
import { outputOption, UsageError, wantsJson, type Verb } from "./verb.ts";

const path = "/apis/drydock.dev/v1alpha1/clock";

/** `drydock clock`: shows the cluster's time, or moves it. Exit code 1 when what was waited for did not come. */
export const clock: Verb = {
  name: "clock",
  help: "show the cluster's time, or move it",
  words: "[pause | resume | speed N | advance 7m | until RESOURCE/NAME CONDITION | until TIME | settle]",
  options: {
    ...clusterOptions,
    namespace: { value: "NS", help: "Where the object lies that `until` is about (-n; default that of the context)." },
    limit: { value: "DURATION", help: "How far `until` may go (default 24h)." },
    ...outputOption,
  },
  async run(given, console) {
    const asJson = wantsJson(given);
    const limit = given.text("limit");
    const answer = await withCluster(given, (api, namespace) => {
      const { method, action, body } = requestOf(given.words, namespace, limit);
      return api.ask<ClockObject>(method, `${path}${action}`, body, console.signal);
    });
    console.print(asJson ? JSON.stringify(answer) : sentenceOf(answer));
    return answer.held === false ? 1 : 0;
  },
};

interface Asked {
  readonly method: string;
  readonly action: string;
  readonly body?: object;
}

const requestOf = (words: readonly string[], namespace: string, limit: string | undefined): Asked => {
  const [verb, ...rest] = words;
  const [value = ""] = rest;
  switch (verb) {
    case undefined:
      return { method: "GET", action: "" };
    case "pause":
    case "resume":
    case "settle":
      if (rest.length > 0) throw new UsageError(`clock ${verb} takes no more words`);
      return { method: "POST", action: `/${verb}`, body: {} };
    case "speed":
      if (rest.length !== 1 || !/^[0-9]+(\.[0-9]+)?$/.test(value)) throw new UsageError("clock speed takes a number, such as 10 or 0.5");
      return { method: "PUT", action: "", body: { speed: Number(value) } };
    case "advance":
      if (rest.length !== 1) throw new UsageError("clock advance takes a duration, such as 7m");
      return { method: "POST", action: "/advance", body: { duration: value } };
    case "until": {
      if (rest.length === 0) throw new UsageError("clock until takes a condition, such as pod/web-1 condition=Ready");
      const what = rest.length === 1 && /^[0-9]{4}-/.test(value) ? { time: value } : { condition: rest.join(" "), namespace };
      return { method: "POST", action: "/until", body: { ...what, ...(limit !== undefined && { limit }) } };
    }
    default:
      throw new UsageError(`clock knows pause, resume, speed, advance, until, settle, not ${JSON.stringify(verb)}`);
  }
};

const sentenceOf = ({ now, paused, speed, nextTimer, held }: ClockObject): string =>
  [
    `${now} ${paused ? "paused" : `speed ${String(speed)}`}`,
    ...(nextTimer === undefined ? [] : [`next timer ${nextTimer}`]),
    ...(held === undefined ? [] : [held ? "the condition holds" : "the condition does not hold"]),
  ].join(", ");
