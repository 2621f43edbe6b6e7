import type { AnyObject, Event } from "../../../sandbox/index.ts";
import { lastSeen, timesSeen } from "../../views/events/events.ts";
import { objectText } from "../object-text.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

const conditionsOf = (object: AnyObject): readonly Condition[] => {
  const { conditions } = (object["status"] ?? {}) as { readonly conditions?: readonly Condition[] };
  return conditions ?? [];
};

const comment = (lines: readonly string[]): string => lines.map((line) => `# ${line}`.trimEnd()).join("\n");

const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  "));
};

/** How long ago, as kubectl prints it: `12s`, `5m`, `3h`, `2d`. */
export const ageText = (then: string, now: number): string => {
  const seconds = Math.max(0, Math.round((now - Date.parse(then)) / 1000));
  if (Number.isNaN(seconds)) return "?";
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
};

/** One object as a document: its conditions and events as comments, then the object itself. `now` in milliseconds since the epoch. */
export const describeText = (object: AnyObject, events: readonly Event[], now: number): string => {
  const conditions = conditionsOf(object).map(({ type, status, reason = "", message = "" }) => [
    type,
    status,
    reason,
    message.replaceAll("\n", " "),
  ]);
  const happened = events
    .toSorted((one, other) => lastSeen(one).localeCompare(lastSeen(other)))
    .map((event) => {
      const times = timesSeen(event);
      return [
        ageText(lastSeen(event), now),
        event.type ?? "",
        event.reason ?? "",
        `${(event.message ?? "").replaceAll("\n", " ")}${times > 1 ? ` (×${times})` : ""}`,
      ];
    });
  const head = [
    `${object.kind ?? ""} ${object.metadata.namespace === undefined ? "" : `${object.metadata.namespace}/`}${object.metadata.name ?? ""}`,
    ...(conditions.length === 0 ? [] : ["", "Conditions", ...table(conditions).map((line) => `  ${line}`)]),
    "",
    happened.length === 0 ? "Events: none" : "Events",
    ...table(happened).map((line) => `  ${line}`),
  ];
  return `${comment(head)}\n\n${objectText(object)}`;
};
