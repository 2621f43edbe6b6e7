import { DecodeError } from "../errors/decode-error.ts";

const layouts = { "time": "2006-01-02T15:04:05Z07:00", "micro-time": "2006-01-02T15:04:05.000000Z07:00" } as const;

interface Part {
  /** As the layout writes it. */
  readonly layout: string;
  readonly pattern: RegExp;
  readonly range?: readonly [number, number, string];
}

const parts: readonly Part[] = [
  { layout: "2006", pattern: /^\d{4}/ },
  { layout: "-", pattern: /^-/ },
  { layout: "01", pattern: /^\d{2}/, range: [1, 12, "month"] },
  { layout: "-", pattern: /^-/ },
  { layout: "02", pattern: /^\d{2}/ },
  { layout: "T", pattern: /^T/ },
  { layout: "15", pattern: /^\d{1,2}/, range: [0, 23, "hour"] },
  { layout: ":", pattern: /^:/ },
  { layout: "04", pattern: /^\d{2}/, range: [0, 59, "minute"] },
  { layout: ":", pattern: /^:/ },
  { layout: "05", pattern: /^\d{2}/, range: [0, 59, "second"] },
];

const fraction = /^[.,]\d+/;
const micros = /^[.,]\d{6}(?!\d)/;
const zone = /^(?:Z|[+-](\d{2}):(\d{2}))/;
const usual = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

/** Parses an RFC 3339 time as metav1.Time and metav1.MicroTime do, and prints it as they do: in UTC, to the second or microsecond. Throws Go's error. */
export const canonicalTime = (text: string, type: "time" | "micro-time"): string => {
  const match = usual.exec(text);
  if (match !== null && (match[1] !== undefined) === (type === "micro-time") && isDate(text)) return text;
  return new TimeParser(text, type).canonical();
};

class TimeParser {
  readonly #text: string;
  readonly #type: "time" | "micro-time";
  #rest: string;

  constructor(text: string, type: "time" | "micro-time") {
    this.#text = text;
    this.#type = type;
    this.#rest = text;
  }

  canonical(): string {
    const values = parts.map((part) => this.#take(part));
    const digits = this.#fraction();
    const offset = zone.exec(this.#rest);
    if (offset === null) throw this.#cannotParse(this.#rest, "Z07:00");
    this.#rest = this.#rest.slice(offset[0].length);
    if (Number(offset[1] ?? 0) > 24 || Number(offset[2] ?? 0) > 60)
      throw this.#outOfRange("time zone offset " + (Number(offset[1] ?? 0) > 24 ? "hour" : "minute"));
    if (this.#rest !== "") throw new DecodeError(`parsing time ${JSON.stringify(this.#text)}: extra text: ${JSON.stringify(this.#rest)}`);
    const date = `${values[0]!}-${values[2]!}-${values[4]!}`;
    if (!isDate(date)) throw this.#outOfRange("day");
    const zoneText = offset[1] === undefined ? "Z" : offset[0];
    const utc = new Date(`${date}T${values[6]!.padStart(2, "0")}:${values[8]!}:${values[10]!}Z`).getTime() - minutesOf(zoneText) * 60_000;
    const seconds = new Date(utc).toISOString().slice(0, 19);
    return this.#type === "time" ? `${seconds}Z` : `${seconds}.${digits.padEnd(6, "0").slice(0, 6)}Z`;
  }

  #take({ layout, pattern, range }: Part): string {
    const found = pattern.exec(this.#rest)?.[0];
    if (found === undefined) throw this.#cannotParse(this.#rest, layout);
    if (range !== undefined && (Number(found) < range[0] || Number(found) > range[1])) throw this.#outOfRange(range[2]);
    this.#rest = this.#rest.slice(found.length);
    return found;
  }

  #fraction(): string {
    const found = (this.#type === "micro-time" ? micros : fraction).exec(this.#rest)?.[0];
    if (found === undefined && this.#type === "micro-time") throw this.#cannotParse(this.#rest, ".000000");
    this.#rest = this.#rest.slice(found?.length ?? 0);
    return found?.slice(1) ?? "";
  }

  #cannotParse(value: string, layout: string): DecodeError {
    return new DecodeError(
      `parsing time ${JSON.stringify(this.#text)} as "${layouts[this.#type]}": cannot parse ${JSON.stringify(value)} as "${layout}"`,
    );
  }

  #outOfRange(what: string): DecodeError {
    return new DecodeError(`parsing time ${JSON.stringify(this.#text)}: ${what} out of range`);
  }
}

const minutesOf = (zoneText: string): number => {
  if (zoneText === "Z") return 0;
  const minutes = Number(zoneText.slice(1, 3)) * 60 + Number(zoneText.slice(4));
  return zoneText.startsWith("-") ? -minutes : minutes;
};

/** Whether the day is there in its month. */
const isDate = (text: string): boolean => {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number) as [number, number, number];
  const days = month === 2 ? ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= days &&
    (text.length < 19 || (text.slice(11, 13) < "24" && text.slice(14, 16) < "60" && text.slice(17, 19) < "60"))
  );
};
