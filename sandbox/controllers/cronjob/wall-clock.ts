const HALF_DAY = 12 * 3_600_000;

/** Clocks on the walls of a time zone. Throws RangeError where there is no such zone. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat | undefined;

  constructor(timeZone: string) {
    if (timeZone === "UTC" || timeZone === "Etc/UTC") return;
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
    });
  }

  dateOf(time: number): { readonly year: number; readonly month: number; readonly day: number } {
    const wall = new Date(this.#wall(time));
    return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
  }

  /** When the clocks show this: `wall` is what they show, read as if it were UTC. Never when it is skipped in spring, twice when it is repeated in autumn. */
  timesOf(wall: number): readonly number[] {
    if (!this.#format) return [wall];
    const offsets = new Set([wall - HALF_DAY, wall + HALF_DAY].map((time) => this.#wall(time) - time));
    return [...offsets]
      .map((offset) => wall - offset)
      .filter((time) => this.#wall(time) === wall)
      .sort((a, b) => a - b);
  }

  /** RFC 3339 with the zone's own offset. */
  rfc3339(time: number): string {
    const seconds = Math.floor(time / 1000) * 1000;
    const wall = this.#wall(seconds);
    const offset = (wall - seconds) / 60_000;
    const text = new Date(wall).toISOString().slice(0, 19);
    if (offset === 0) return `${text}Z`;
    const absolute = Math.abs(offset);
    const two = (value: number): string => String(value).padStart(2, "0");
    return `${text}${offset < 0 ? "-" : "+"}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
  }

  #wall(time: number): number {
    if (!this.#format) return time;
    const parts = Object.fromEntries(this.#format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    return (
      Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]) +
      (((time % 1000) + 1000) % 1000)
    );
  }
}
